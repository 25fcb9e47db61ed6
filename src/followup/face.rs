//! What stands above every face of follow-up speed: its filters, and the ways to the others.

use super::{Awaited, Face, Filters, WhichClock};
use crate::app::Cx;
use crate::db::Conn;
use crate::definitions::{Definitions, under};
use crate::error::Result;
use crate::explain;
use crate::form::{Choice, Form};
use crate::leads::cohort::Grouping;
use crate::leads::cohort::bar::{self, AS_OF, Bar};
use crate::page::{self, Answer, Frame, Link};
use crate::rules::access::Me;
use crate::urls;
use crate::value::Instant;
use askama::Template;
use std::sync::Arc;

/// The filters beside the days, in the order of the address.
const FILTERS: [&str; 6] = ["by", "clock", "event", "definition", "compare", "late"];

impl Face {
    pub fn path(self) -> &'static str {
        match self {
            Face::Speed => "/follow-up",
            Face::Legs => "/follow-up/legs",
            Face::Persistence => "/follow-up/persistence",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Face::Speed => "How soon",
            Face::Legs => "Whose time",
            Face::Persistence => "How often",
        }
    }
}

impl Face {
    fn title(self) -> &'static str {
        match self {
            Face::Speed => "Follow-up speed",
            Face::Legs => "Follow-up speed: whose time",
            Face::Persistence => "Follow-up speed: how often",
        }
    }

    /// Why the days before are not asked for here; `None` where they are compared.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Face::Speed => None,
            Face::Legs | Face::Persistence => {
                Some("Only how soon leads were followed up is compared with the days before.")
            }
        }
    }

    /// The name of its rows as a file.
    fn file(self) -> &'static str {
        match self {
            Face::Speed => "follow-up-speed",
            Face::Legs => "follow-up-legs",
            Face::Persistence => "persistence",
        }
    }
}

/// The head of a page.
pub struct Head {
    pub title: &'static str,
    pub path: &'static str,
    pub form: Form,
    as_of: Instant,
    pub bar: Bar,
    pub tabs: Vec<Link>,
    pub groupings: Vec<Choice>,
    /// Empty where the face has no use for it.
    pub clocks: Vec<Choice>,
    pub events: Vec<Choice>,
    pub compares: Vec<Choice>,
    /// Whether what was entered late counts.
    pub lates: Vec<Choice>,
    pub versions: Vec<Choice>,
}

/// Reads the filters of a face; `None` with messages in the form when they are wrong.
pub fn read(form: &mut Form, cx: &Cx, face: Face) -> Option<Filters> {
    form.set_default("clock", WhichClock::Calendar.word());
    form.set_default("event", Awaited::Attempt.word());
    let cohort = bar::cohort(form, cx.now);
    let by = form.optional("by", "a grouping from the list", Grouping::from_word);
    let clock = form.parsed("clock", "a clock from the list", WhichClock::from_word);
    let event = form.parsed("event", "attempt or contact", Awaited::from_word);
    let compares_before = form.value("compare") == "before";
    if let Some(why) = face.refusal().filter(|_| compares_before) {
        form.refuse("compare", why);
        // So that the ways on from the page are good.
        form.replace("compare", "");
        return None;
    }
    Some(Filters {
        cohort: cohort?,
        by: by?,
        clock: clock?,
        event: event?,
        limit_us: None,
        compares_before,
        without_late: form.value("late") == "without",
    })
}

impl Head {
    pub fn new(cx: &Cx, form: Form, face: Face) -> Result<Head> {
        let definitions: Arc<Definitions> = cx.reference()?;
        let none = [("", "Nothing")];
        let groupings = Grouping::ALL.iter().map(|by| (by.word(), by.label()));
        let tab = |face_of: &Face| Link {
            href: urls::with_query(face_of.path(), &carried(&form, *face_of)),
            label: face_of.label().to_owned(),
            current: *face_of == face,
        };
        let is_speed = face == Face::Speed;
        let only =
            |is_shown: bool, choices: Vec<Choice>| if is_shown { choices } else { Vec::new() };
        Ok(Head {
            title: "Follow-up speed",
            as_of: bar::given(&form, cx.now),
            path: face.path(),
            bar: Bar::new(face.path(), &form, &FILTERS, cx.now, &cx.workspace.zone),
            tabs: Face::ALL.iter().map(tab).collect(),
            groupings: form.choices("by", none.into_iter().chain(groupings)),
            clocks: only(
                is_speed,
                form.choices(
                    "clock",
                    [("calendar", "Calendar time"), ("working", "Working time")],
                ),
            ),
            events: only(
                face != Face::Persistence,
                form.choices(
                    "event",
                    [("attempt", "First attempt"), ("contact", "First contact")],
                ),
            ),
            compares: only(
                is_speed,
                form.choices("compare", [("", "Nothing"), ("before", "The days before")]),
            ),
            lates: form.choices("late", [("", "Counted"), ("without", "Left out")]),
            versions: under::choices(&form, &definitions),
            form,
        })
    }

    /// The address that explains a figure of a group; an empty group is all.
    pub fn explain(&self, figure: &str, group: &str) -> String {
        let path = format!("{}/explain", self.path);
        explain::address(&path, &pairs(&self.form), self.as_of, (figure, group))
    }
}

/// What was asked for, and what came of it.
pub type Asked<'a, R> = Option<(&'a Filters, &'a R)>;

/// Answers with the page of a face, and with its rows as a file for `?format=csv`. `page` makes the page; there is no
/// report where the filters are wrong.
pub fn show<R, P: Template>(
    cx: &Cx,
    face: Face,
    read: fn(&mut Conn, &Filters, Option<&Me>) -> Result<R>,
    csv: fn(&R) -> Result<String>,
    page: fn(&Cx, Frame, Head, Asked<R>) -> P,
) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let filters = self::read(&mut form, cx, face);
    let report = match &filters {
        Some(filters) => Some(cx.snapshot(|conn| read(conn, filters, Some(me)))?),
        None => None,
    };
    if let (Some(report), "csv") = (&report, form.value("format")) {
        return page::csv_file(face.file(), csv(report)?);
    }
    let frame = Frame::new(cx, face.title());
    let head = Head::new(cx, form, face)?;
    let asked = filters.as_ref().zip(report.as_ref());
    let is_wrong = asked.is_none();
    let page = page(cx, frame, head, asked);
    match is_wrong {
        true => page::again(&page),
        false => page::show(&page),
    }
}

/// The filters that another face takes too.
fn carried(form: &Form, face: Face) -> Vec<(&str, &str)> {
    let all = pairs(form).into_iter();
    all.filter(|(name, _)| *name != "compare" || face.refusal().is_none())
        .collect()
}

/// The report's own filters, as they stand in an address.
pub fn pairs(form: &Form) -> Vec<(&str, &str)> {
    let days = ["from", "to", AS_OF].into_iter();
    days.chain(FILTERS)
        .map(|name| (name, form.value(name)))
        .collect()
}
