//! The pack's page, making one by a tap, and the commitments on it.

use super::commitments::{
    NOTE_MOST, NewCommitment, TEXT_MOST, Verdict, commit, known, may_commit, settle,
};
use super::content::{Content, Dispute, Goal, Visit};
use super::store::{self, Pack};
use super::view::{self, CommitmentView, LevelView, OwnerView, RepView, SourceView};
use super::{Commitment, erased, gather, keep, monday_of, see, tables};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form, read_day};
use crate::page::{self, Answer, Frame, Link, Toast};
use crate::people::Directory;
use crate::rules::access::{MANAGERS, Me, Role};
use crate::rules::target::{self, Metric};
use crate::style;
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
struct PackPage {
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
}

struct DisputeView {
    lead: String,
    href: String,
    reason: String,
    says: String,
    since: String,
}

struct VisitView {
    day: String,
    person: String,
    with: String,
    kind: String,
    outcome: String,
    lead: String,
    href: String,
}

struct GoalView {
    name: String,
    text: String,
    percent: u32,
    pace: u32,
    note: String,
    tone: &'static str,
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

fn asked_for(cx: &Cx) -> Result<Pack> {
    let monday = read_day(cx.param("monday")?).ok_or(Error::NotFound)?;
    cx.read(|conn| store::of_week(conn, monday))?
        .ok_or(Error::NotFound)
}

/// What it said when it was made, but for who was erased since.
fn content(conn: &mut Conn, pack: &Pack) -> Result<Content> {
    let mut content = serde_json::from_str(&pack.content).map_err(Error::internal)?;
    erased::forget(conn, &mut content)?;
    Ok(content)
}

fn answer(cx: &Cx, pack: &Pack) -> Answer {
    let query = cx.query();
    if query.value("format") == "csv" {
        let directory: Arc<Directory> = cx.reference()?;
        let content = cx.snapshot(|conn| content(conn, pack))?;
        let seen = see::seen(&content, cx.me()?, &directory);
        let table = query.value("table");
        return page::csv_file(
            &format!("monday-{}-{table}", pack.monday),
            tables::csv(&seen, table)?,
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

fn pack_page(cx: &Cx, pack: &Pack, mut form: Form) -> Result<PackPage> {
    let me = cx.me()?;
    let directory: Arc<Directory> = cx.reference()?;
    let (content, mondays, commitments) = cx.snapshot(|conn| {
        let content = content(conn, pack)?;
        Ok((content, store::mondays(conn)?, store::commitments(conn)?))
    })?;
    let seen = see::seen(&content, me, &directory);
    let metrics = metrics(&seen);
    let is_newest = mondays
        .first()
        .is_some_and(|(newest, _)| *newest == pack.monday);
    let this_week = monday_of(&directory, cx.now);
    form.set_default("due_on", (pack.monday + Days::new(4)).to_string());
    let here = directory
        .people
        .iter()
        .filter(|person| person.left_on.is_none());
    let people = here.map(|person| (person.uid.clone(), person.name.clone()));
    let nobody = [(String::new(), "Choose somebody".to_owned())];
    Ok(PackPage {
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
        reps: seen.reps.iter().map(|rep| view::rep(rep, me)).collect(),
        owners: view::owners(&seen),
        oldest: view::oldest(&seen),
        levels: seen.levels.iter().map(view::level).collect(),
        sources: view::sources(&seen),
        disputes: seen.disputes.iter().map(|one| dispute(cx, one)).collect(),
        visits: seen.visits.iter().map(visit).collect(),
        goals: seen.goals.iter().map(goal).collect(),
        carried: carried(cx, &seen, &commitments, me),
        agreed: agreed(cx, pack, &commitments, &directory, me),
        people: form.choices("owner", nobody.into_iter().chain(people)),
        earlier: earlier(&mondays, pack.monday),
        form,
    })
}

fn address(monday: NaiveDate) -> String {
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

fn dispute(cx: &Cx, one: &Dispute) -> DisputeView {
    DisputeView {
        lead: one.name.clone(),
        href: format!("/leads/{}", one.uid),
        reason: one.reason.clone(),
        says: one.says.clone(),
        since: page::time(one.disputed_at, cx.zone()),
    }
}

fn visit(visit: &Visit) -> VisitView {
    VisitView {
        day: page::day(visit.day),
        person: visit.person.clone(),
        with: visit.with.clone(),
        kind: visit.kind.clone(),
        outcome: visit.outcome.clone(),
        lead: visit.lead.clone(),
        href: match visit.lead_uid.as_str() {
            "" => String::new(),
            uid => format!("/leads/{uid}"),
        },
    }
}

fn goal(goal: &Goal) -> GoalView {
    let percent = |share: f64| (share * 100.0).round().clamp(0.0, 100.0) as u32;
    let is_hit = target::is_hit(goal.value, goal.amount);
    let ahead = target::ahead_of_pace(goal.value, goal.amount, goal.gone);
    GoalView {
        name: goal.name.clone(),
        text: format!(
            "{} of {}{}",
            page::amount(goal.value),
            page::amount(goal.amount),
            match goal.currency.as_str() {
                "" => String::new(),
                currency => format!("\u{a0}{currency}"),
            }
        ),
        percent: percent(goal.value / goal.amount),
        pace: percent(goal.gone),
        note: format!(
            "{}, {}, until {}",
            goal.measure,
            match is_hit {
                true => "reached".to_owned(),
                false => page::pace(ahead),
            },
            style::day(goal.to)
        ),
        tone: if is_hit || ahead >= 0 { "good" } else { "warn" },
    }
}

fn carried(cx: &Cx, seen: &Content, all: &[Commitment], me: &Me) -> Vec<CommitmentView> {
    let since = |id: i64| all.iter().find(|row| row.id == id);
    let views = seen.carried.iter();
    views
        .map(|one| view::carried(cx, one, since(one.id), me))
        .collect()
}

fn agreed(
    cx: &Cx,
    pack: &Pack,
    all: &[Commitment],
    directory: &Directory,
    me: &Me,
) -> Vec<CommitmentView> {
    let theirs = all.iter().filter(|row| row.pack_id == pack.id);
    let seen = theirs.filter(|row| may_commit(me) || row.owner_id == me.id);
    seen.map(|row| view::made(cx, row, directory, me)).collect()
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

pub fn create_commitment(cx: &Cx) -> Answer {
    let pack = asked_for(cx)?;
    let mut form = cx.form();
    let directory: Arc<Directory> = cx.reference()?;
    let read = (
        form.required("text", TEXT_MOST, "what will be done"),
        form.parsed("owner", "who will do it", |uid| {
            directory.person_of_uid(uid).map(|person| person.id)
        }),
        form.parsed("due_on", "a date such as 2026-03-31", read_day),
    );
    let (Some(text), Some(owner_id), Some(due_on)) = read else {
        return page::again(&pack_page(cx, &pack, form)?);
    };
    let new = NewCommitment {
        text,
        owner_id,
        due_on,
    };
    match cx.write(|tx| commit(tx, pack.monday, &new)) {
        Ok(_) => page::go_to(format!("{}?done=committed#agreed", address(pack.monday))),
        Err(Error::Refused(why)) => {
            form.refuse("text", why);
            page::again(&pack_page(cx, &pack, form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn settle_commitment(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    let mut form = cx.form();
    let me = cx.me()?;
    let pack = cx.read(|conn| {
        known(conn, me, id)?;
        store::newest(conn)?.ok_or(Error::NotFound)
    })?;
    let read = (
        form.parsed("verdict", "kept, not kept or dropped", Verdict::from_word),
        form.text("note", NOTE_MOST),
    );
    let (Some(verdict), Some(note)) = read else {
        return page::again(&pack_page(cx, &pack, form)?);
    };
    match cx.write(|tx| settle(tx, id, verdict, &note)) {
        Ok(()) => page::go_to("/monday?done=settled#carried"),
        Err(Error::Refused(why)) => {
            form.refuse("note", why);
            page::again(&pack_page(cx, &pack, form)?)
        }
        Err(Error::Conflict(why)) => {
            let typed = match note.as_str() {
                "" => String::new(),
                note => format!(" You wrote: \u{201c}{note}\u{201d}."),
            };
            form.refuse("note", why + &typed);
            page::with_status(409, &pack_page(cx, &pack, form)?)
        }
        Err(error) => Err(error),
    }
}
