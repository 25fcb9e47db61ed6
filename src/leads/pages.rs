//! The list of leads, as a page and as CSV.

use super::Lead;
use super::list::{self, Filter, LABEL_FIELDS, Options, Order, Place};
use super::mine::Whose;
use super::views::{self, Tally, View};
use super::{mine, queue, score};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Error;
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Link, Toast};
use crate::rules::access::{MARKETERS, Me};
use crate::rules::wait::Urgency;
use crate::urls;
use crate::value::Instant;
use askama::Template;

pub const PAGE_ROWS: usize = 50;

/// More rows than this are no file for a spreadsheet.
const CSV_ROWS: usize = 100_000;
const CSV_CHUNK: usize = 2_000;

#[derive(Template)]
#[template(path = "leads/list.html")]
struct ListPage {
    frame: Frame,
    form: Form,
    tabs: Vec<Link>,
    orders: Vec<Choice>,
    stages: Vec<Choice>,
    owners: Vec<Choice>,
    urgencies: Vec<Choice>,
    labels: Vec<LabelFilter>,
    /// Whether any of the filters that are folded away is set.
    has_more_filters: bool,
    is_filtered: bool,
    may_hand_over: bool,
    rows: Vec<Row>,
    previous: String,
    next: String,
    csv_href: String,
}

struct LabelFilter {
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
}

struct Row {
    uid: String,
    name: String,
    company: String,
    stage: &'static str,
    tone: &'static str,
    is_stopped: bool,
    owner: String,
    urgency: &'static str,
    last_word: String,
    attempts: i32,
    score: String,
}

/// One's own leads, those of nobody, or what the filters in the address let through.
pub fn index(cx: &Cx) -> Answer {
    match View::asked(&cx.query(), cx.me()?) {
        None => mine::page::show(cx, None, Whose::Own),
        Some(View::Mine(section, whose)) => mine::page::show(cx, Some(section), whose),
        Some(View::Queue) => queue::show(cx),
        Some(View::All) => all(cx),
    }
}

/// What was done to several leads, as the address says it.
pub fn done_toast(cx: &Cx) -> Option<Toast> {
    let query = cx.query();
    let (deed, count) = query.value("done").rsplit_once('-')?;
    let count: u32 = count.parse().ok()?;
    let leads = match count {
        1 => "1 lead".to_owned(),
        count => format!("{count} leads"),
    };
    let text = match deed {
        "accept" => format!("Accepted {leads}."),
        "take" => format!("Took {leads}."),
        "give" | "rules" => format!("Gave {leads} to an owner."),
        "step" => format!("Set the next step of {leads}."),
        "hand-over" => format!("Handed over {leads}."),
        "re-route" => "Re-routed: it belongs to somebody else now.".to_owned(),
        _ => return None,
    };
    Some(Toast {
        text,
        undo_href: None,
    })
}

/// What the filters in the address let through; `?format=csv` for all of it as a file.
fn all(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let order = match form.value("order") {
        "score" => Order::Score,
        _ => Order::Newest,
    };
    cx.snapshot(|conn| {
        let names = Options::load(conn, cx.kept, me)?;
        let Some(filter) = list::read(&mut form, &names, me, &cx.workspace.zone) else {
            let page = list_page(cx, me, form, &names, Vec::new());
            return page::again(&page);
        };
        if form.value("format") == "csv" {
            return csv(conn, me, &filter, &names);
        }
        let place = Place::read(&form);
        let (leads, is_more) = list::store::page(conn, me, &filter, order, place, PAGE_ROWS)?;
        let rows = leads.iter().map(|lead| row(cx, lead, &names)).collect();
        let mut page = list_page(cx, me, form, &names, rows);
        (page.previous, page.next) = ways_on(cx, &leads, order, place, is_more);
        page::show(&page)
    })
}

fn list_page(cx: &Cx, me: &Me, form: Form, options: &Options, rows: Vec<Row>) -> ListPage {
    let label_filter = |(name, label, list)| {
        let any = [(String::new(), "All".to_owned())];
        let known = options.lists.labels_of(list);
        let each = known.map(|label| (label.id.to_string(), label.name.clone()));
        LabelFilter {
            name,
            label,
            choices: form.choices(name, any.into_iter().chain(each)),
        }
    };
    let any_set = |names: &[&str]| names.iter().any(|name| !form.value(name).is_empty());
    let folded = ["source", "campaign", "asset", "territory", "from", "to"];
    let any_urgency = [("", "All")];
    ListPage {
        frame: Frame::new(cx, "Leads").with_toast(done_toast(cx)),
        tabs: views::tabs(me, View::All, &Tally::default()),
        orders: form.choices(
            "order",
            [("", "Newest first"), ("score", "Best score first")],
        ),
        stages: list::stage_choices(&form),
        owners: list::owner_choices(&form, options, me),
        urgencies: form.choices(
            "urgency",
            any_urgency
                .into_iter()
                .chain(Urgency::ALL.iter().map(|u| (u.word(), u.label()))),
        ),
        labels: LABEL_FIELDS.into_iter().map(label_filter).collect(),
        has_more_filters: any_set(&folded),
        is_filtered: any_set(&folded) || any_set(&["q", "stage", "owner", "urgency"]),
        may_hand_over: MARKETERS.allows(me.role),
        rows,
        previous: String::new(),
        next: String::new(),
        csv_href: address(cx, &[("format", "csv".to_owned())]),
        form,
    }
}

fn row(cx: &Cx, lead: &Lead, names: &Options) -> Row {
    Row {
        uid: lead.uid.clone(),
        name: lead.title_name().to_owned(),
        company: lead.company.clone(),
        stage: crate::style::stage(lead.stage),
        tone: lead.stage.tone(),
        is_stopped: lead.is_stopped,
        owner: names.directory.name(lead.owner_id).to_owned(),
        urgency: lead.urgency.label(),
        last_word: list::last_word(lead, cx.now, cx.zone()),
        attempts: lead.attempts,
        score: lead.score.map_or(page::DASH.to_owned(), score::points),
    }
}

/// The pages before and after this one; empty where there is none.
fn ways_on(cx: &Cx, leads: &[Lead], order: Order, place: Place, is_more: bool) -> (String, String) {
    let at = |lead: &Lead| order.cursor(lead).to_string();
    let (has_previous, has_next) = match place {
        Place::First => (false, is_more),
        Place::After(_) => (true, is_more),
        Place::Before(_) => (is_more, true),
    };
    match (leads.first(), leads.last()) {
        (Some(first), Some(last)) => {
            let way = |is_there: bool, key: &str, lead: &Lead| match is_there {
                true => address(cx, &[(key, at(lead))]),
                false => String::new(),
            };
            (
                way(has_previous, "before", first),
                way(has_next, "after", last),
            )
        }
        // An empty page in the middle of nowhere leads back to the start.
        _ if has_previous || has_next => (address(cx, &[]), String::new()),
        _ => (String::new(), String::new()),
    }
}

/// The fields that narrow or order the list of all leads, or ask for it as a file.
pub const FILTERS: [&str; 14] = [
    "q",
    "stage",
    "owner",
    "urgency",
    "source",
    "campaign",
    "asset",
    "territory",
    "from",
    "to",
    "order",
    "format",
    "after",
    "before",
];
/// Those of them that stay from page to page.
const KEPT: usize = 11;

/// The list with the filters of this request, and more.
fn address(cx: &Cx, more: &[(&str, String)]) -> String {
    let form = cx.query();
    let kept = FILTERS[..KEPT].iter();
    let kept = kept.map(|name| (*name, form.value(name).to_owned()));
    let view = [("view", "all".to_owned())];
    let all: Vec<(&str, String)> = view
        .into_iter()
        .chain(kept)
        .chain(more.iter().cloned())
        .collect();
    let pairs: Vec<(&str, &str)> = all
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    urls::with_query("/leads", &pairs)
}

const CSV_HEADER: [&str; 20] = [
    "name",
    "company",
    "email",
    "phone",
    "title",
    "stage",
    "owner",
    "urgency",
    "source",
    "campaign",
    "asset",
    "territory",
    "score",
    "attempts",
    "do_not_contact",
    "created_at",
    "handed_over_at",
    "last_touch_at",
    "next_step_on",
    "external_id",
];

fn csv(conn: &mut Conn, me: &Me, filter: &Filter, names: &Options) -> Answer {
    let mut rows = Vec::new();
    let mut place = Place::First;
    loop {
        let (leads, is_more) =
            list::store::page(conn, me, filter, Order::Newest, place, CSV_CHUNK)?;
        rows.extend(leads.iter().map(|lead| csv_row(lead, names)));
        match leads.last() {
            Some(last) if is_more => {
                place = Place::After(Order::Newest.cursor(last));
            }
            _ => break,
        }
        if rows.len() >= CSV_ROWS {
            return Err(Error::refused(format!(
                "These are more than {CSV_ROWS} leads: narrow the filters, such as by day, and download them in parts."
            )));
        }
    }
    page::csv_file("leads", csv_out::table(&CSV_HEADER, rows)?)
}

fn csv_row(lead: &Lead, names: &Options) -> Vec<Cell> {
    let instant = |at: Option<Instant>| Cell::from(at.map(|at| at.to_string()).unwrap_or_default());
    vec![
        Cell::from(lead.name.as_str()),
        Cell::from(lead.company.as_str()),
        Cell::from(lead.email.as_str()),
        Cell::from(lead.phone.as_str()),
        Cell::from(lead.title.as_str()),
        Cell::from(lead.stage.word()),
        Cell::from(names.directory.name(lead.owner_id)),
        Cell::from(lead.urgency.word()),
        Cell::from(names.lists.label_name(lead.source_id)),
        Cell::from(names.lists.label_name(lead.campaign_id)),
        Cell::from(names.lists.label_name(lead.asset_id)),
        Cell::from(names.lists.label_name(lead.territory_id)),
        Cell::number(lead.score),
        Cell::count(i64::from(lead.attempts)),
        Cell::from(if lead.is_stopped { "true" } else { "false" }),
        instant(Some(lead.created_at)),
        instant(lead.handed_over_at),
        instant(lead.last_touch_at),
        Cell::from(
            lead.next_step_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ),
        Cell::from(lead.external_id.as_deref().unwrap_or_default()),
    ]
}
