//! The pack's page, and making one by a tap.

use super::agreed::{CommitmentView, agreed, agreed_on, carried, owners};
use super::commitments::may_commit;
use super::content::{Content, Goal, Level, Rep};
use super::explain::{self, ALL, NOBODY, Part};
use super::lists::{DisputeView, GoalView, VisitView, dispute, goal, late, visit};
use super::print::Rows;
use super::store::{self, Pack};
use super::tables::{self, Agreed};
use super::view::{self, LevelView, OwnerView, RepView, SourceView};
use super::{gather, keep, monday_of, see};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form, read_day};
use crate::packs::Erased;
use crate::page::{self, Answer, Frame, Late, Link, Toast, filters};
use crate::people::Directory;
use crate::rules::access::{MANAGERS, Me, Role};
use crate::rules::target::Metric;
use askama::Template;
use chrono::{Days, NaiveDate};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "monday/none.html")]
struct NonePage {
    frame: Frame,
    may_make: bool,
}

#[derive(Template)]
#[template(path = "monday/page.html")]
pub struct PackPage {
    frame: Frame,
    form: Form,
    /// Where the page lies.
    href: String,
    sub: String,
    made: String,
    definition: i64,
    role: Role,
    /// Whether this week has no pack yet, and the reader may make it.
    may_make: bool,
    may_commit: bool,
    metrics: Vec<String>,
    /// Whether leads reached stand among them already.
    has_leads_reached: bool,
    reps: Vec<RepView>,
    /// How many of their activities were entered late; none of packs that do not say.
    late: Option<Late>,
    owners: Vec<OwnerView>,
    oldest: Option<OwnerView>,
    levels: Vec<LevelView>,
    sources: Vec<SourceView>,
    disputes: Vec<DisputeView>,
    visits: Vec<VisitView>,
    goals: Vec<GoalView>,
    carried: Vec<CommitmentView>,
    /// Made on this pack.
    agreed: Vec<CommitmentView>,
    people: Vec<Choice>,
    earlier: Vec<Link>,
    printed: Rows,
}

/// The newest pack.
pub fn index(cx: &Cx) -> Answer {
    match cx.read(store::newest)? {
        Some(pack) => answer(cx, &pack),
        None => page::show(&NonePage {
            frame: Frame::new(cx, "Monday pack"),
            may_make: MANAGERS.allows(cx.me()?.role),
        }),
    }
}

/// The pack of one week.
pub fn show(cx: &Cx) -> Answer {
    answer(cx, &asked_for(cx)?)
}

/// The pack that the address names.
pub fn asked_for(cx: &Cx) -> Result<Pack> {
    let monday = read_day(cx.param("monday")?).ok_or(Error::NotFound)?;
    cx.read(|conn| store::of_week(conn, monday))?
        .ok_or(Error::NotFound)
}

/// What it said when it was made, but for who was erased since.
fn content(conn: &mut Conn, pack: &Pack) -> Result<Content> {
    let mut content = serde_json::from_str(&pack.content).map_err(Error::internal)?;
    Erased::read(conn)?.forget(&mut content);
    Ok(content)
}

fn answer(cx: &Cx, pack: &Pack) -> Answer {
    let query = cx.query();
    if query.value("format") == "csv" {
        let directory: Arc<Directory> = cx.reference()?;
        let (content, commitments) =
            cx.snapshot(|conn| Ok((content(conn, pack)?, store::commitments(conn)?)))?;
        let me = cx.me()?;
        let seen = see::seen(&content, me, &directory);
        let agreed = Agreed {
            rows: agreed_on(pack, &commitments, me).collect(),
            directory: &directory,
        };
        let table = query.value("table");
        return page::csv_file(
            &format!("monday-{}-{table}", pack.monday),
            tables::csv(&seen, &agreed, table)?,
        );
    }
    let toast = match query.value("done") {
        "made" => "The pack is made. It stays as it is.",
        "before" => "This week's pack was made already: here it is.",
        "committed" => "Written down, and carried over until it is settled.",
        "settled" => "Settled.",
        _ => "",
    };
    let mut page = pack_page(cx, pack, Form::default())?;
    if !toast.is_empty() {
        page.frame = page.frame.with_toast(Some(Toast {
            text: toast.to_owned(),
            undo_href: None,
        }));
    }
    page::show(&page)
}

/// The page of a pack, with what was typed on it.
pub fn pack_page(cx: &Cx, pack: &Pack, mut form: Form) -> Result<PackPage> {
    let me = cx.me()?;
    let directory: Arc<Directory> = cx.reference()?;
    let (content, mondays, commitments) = cx.snapshot(|conn| {
        let content = content(conn, pack)?;
        Ok((content, store::mondays(conn)?, store::commitments(conn)?))
    })?;
    let seen = see::seen(&content, me, &directory);
    let metrics = metrics(&seen);
    let ways = Ways {
        href: address(pack.monday),
        directory: &directory,
    };
    let is_newest = mondays
        .first()
        .is_some_and(|(newest, _)| *newest == pack.monday);
    let this_week = monday_of(&directory, cx.now);
    form.set_default("due_on", (pack.monday + Days::new(4)).to_string());
    let mut shown = PackPage {
        frame: Frame::new(cx, "Monday pack"),
        href: address(pack.monday),
        sub: format!(
            "The week of {} to {}",
            page::day(seen.from),
            page::day(seen.to)
        ),
        made: made_words(cx, pack, &directory),
        definition: pack.definition_id,
        role: me.role,
        may_make: is_newest && pack.monday < this_week && MANAGERS.allows(me.role),
        // What somebody typed on a pack that is not the newest any more is given back to them.
        may_commit: (is_newest || form.has("text")) && may_commit(me),
        has_leads_reached: metrics
            .iter()
            .any(|name| name == Metric::LeadsReached.label()),
        metrics,
        reps: reps(&ways, &seen, me),
        late: ways.late(&seen),
        owners: view::owners(&seen, &|part, owner| ways.of_person(part, owner, "")),
        oldest: view::oldest(&seen, &|part, owner| ways.of_person(part, owner, "")),
        levels: seen.levels.iter().map(|one| level(&ways, one)).collect(),
        sources: view::sources(&seen, &|source, words| {
            explain::href(&ways.href, Part::Reason, source, words)
        }),
        disputes: (seen.disputes.iter())
            .map(|one| dispute(cx, one, &directory))
            .collect(),
        visits: seen.visits.iter().map(visit).collect(),
        goals: goals(&ways, &seen),
        carried: carried(cx, &seen, &commitments, me),
        agreed: agreed(cx, pack, &commitments, &directory, me),
        people: form.choices("owner", owners(&directory)),
        earlier: earlier(&mondays, pack.monday),
        printed: Rows::default(),
        form,
    };
    shown.printed = shown.rows().printed();
    Ok(shown)
}

impl PackPage {
    fn rows(&self) -> Rows {
        Rows {
            reps: self.reps.len(),
            owners: self.owners.len(),
            goals: self.goals.len(),
            levels: self.levels.len(),
            sources: self.sources.len(),
            disputes: self.disputes.len(),
            visits: self.visits.len(),
            carried: self.carried.len(),
            agreed: self.agreed.len(),
        }
    }
}

/// The ways from a pack to what explains its figures.
struct Ways<'d> {
    href: String,
    directory: &'d Directory,
}

impl Ways<'_> {
    fn late(&self, seen: &Content) -> Option<Late> {
        let href = explain::href(&self.href, Part::Late, ALL, "");
        Late::new(late(seen), "activities", href)
    }

    /// Of a person, or of what nobody owns.
    fn of_person(&self, part: Part, person_id: Option<i64>, figure: &str) -> String {
        let person = person_id.and_then(|id| self.directory.person(id));
        match (person_id, person) {
            (None, _) => explain::href(&self.href, part, NOBODY, figure),
            (_, Some(person)) => explain::href(&self.href, part, &person.uid, figure),
            _ => String::new(),
        }
    }
}

fn reps(ways: &Ways, seen: &Content, me: &Me) -> Vec<RepView> {
    let view = |rep: &Rep| {
        let is_open = explain::may_open(me, rep);
        view::rep(rep, me, &|part, figure| match is_open {
            true => ways.of_person(part, Some(rep.person_id), figure),
            false => String::new(),
        })
    };
    seen.reps.iter().map(view).collect()
}

fn level(ways: &Ways, level: &Level) -> LevelView {
    let whose = match level.team_id {
        _ if level.is_all => ALL.to_owned(),
        None => NOBODY.to_owned(),
        Some(team) => team.to_string(),
    };
    view::level(level, &|part, figure| {
        explain::href(&ways.href, part, &whose, figure)
    })
}

fn goals(ways: &Ways, seen: &Content) -> Vec<GoalView> {
    let view = |one: &Goal| {
        // Packs of before did not say which goal it was.
        let href = |part| match one.id {
            0 => String::new(),
            id => explain::href(&ways.href, part, &id.to_string(), ""),
        };
        goal(one, href(Part::Goal), href(Part::Pace))
    };
    seen.goals.iter().map(view).collect()
}

/// The pack that the address names, and what its reader may see of it.
pub fn seen(cx: &Cx) -> Result<(Pack, Content)> {
    let pack = asked_for(cx)?;
    let directory: Arc<Directory> = cx.reference()?;
    let content = cx.snapshot(|conn| content(conn, &pack))?;
    let seen = see::seen(&content, cx.me()?, &directory);
    Ok((pack, seen))
}

pub fn address(monday: NaiveDate) -> String {
    format!("/monday/{monday}")
}

/// `Made on 2 Mar 2026, 07:00 by the timetable`.
fn made_words(cx: &Cx, pack: &Pack, directory: &Directory) -> String {
    let by = match directory.name(pack.by_id) {
        "" => "the timetable",
        name => name,
    };
    format!("Made {} by {by}", page::time(pack.made_at, cx.zone()))
}

/// The metrics that stand in the table, in their order.
fn metrics(seen: &Content) -> Vec<String> {
    let with_figure = |index: usize| {
        let mut all = seen.reps.iter().filter_map(|rep| rep.against.get(index));
        all.any(|one| one.value.or(one.target).or(one.share).is_some())
    };
    let first = seen.reps.first().map_or(&[][..], |rep| &rep.against);
    let named = first
        .iter()
        .enumerate()
        .filter(|(index, _)| with_figure(*index));
    named.map(|(_, one)| one.metric.clone()).collect()
}

fn earlier(mondays: &[(NaiveDate, crate::value::Instant)], here: NaiveDate) -> Vec<Link> {
    let link = |(monday, _): &(NaiveDate, crate::value::Instant)| Link {
        href: address(*monday),
        label: page::day(*monday),
        current: *monday == here,
    };
    mondays.iter().map(link).collect()
}

/// Makes this week's pack now. Whoever is second sees the one that was made.
pub fn create(cx: &Cx) -> Answer {
    let directory: Arc<Directory> = cx.reference()?;
    let monday = monday_of(&directory, cx.now);
    let made = cx.snapshot(|conn| match store::of_week(conn, monday)? {
        Some(_) => Ok(None),
        None => gather(conn, cx.kept, cx.now).map(Some),
    })?;
    let done = match made {
        None => "before",
        Some(content) => match cx.write(|tx| keep(tx, monday, &content)) {
            Ok(_) => "made",
            Err(Error::Conflict(_)) => "before",
            Err(error) => return Err(error),
        },
    };
    page::go_to(format!("{}?done={done}", address(monday)))
}
