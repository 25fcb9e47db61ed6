//! The open leads of somebody who has left, or is about to: each with whom the rules would give it to, for a manager to
//! change and confirm.

use super::assign::{self, unfit};
use super::same::changed;
use super::{Done, Story, look};
use crate::app::{Cx, Tx};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::leads::{self, Lead, mine};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::screens::{self, Screen};
use crate::people::{self, Directory, Person};
use crate::rules::access::Role;
use crate::territories::{self, Desk, Pick};
use askama::Template;
use std::sync::Arc;

/// So many leads stand on one page, the longest waiting first.
const LEADS_SHOWN: usize = 100;
const HAS_LEFT: &str = "Owner has left";

#[derive(Template)]
#[template(path = "handover/leaver.html")]
struct LeaverPage {
    frame: Frame,
    form: Form,
    name: String,
    person: String,
    /// The person's own page; empty for who may not open it.
    back: String,
    rows: Vec<Row>,
    is_more: bool,
    /// Those that they put up and that the asker may take down.
    screens: Vec<ScreenRow>,
}

/// A screen on a wall, whose address goes on for whoever knows it.
struct ScreenRow {
    name: String,
    team: String,
    made: String,
    take_down: String,
}

struct Row {
    uid: String,
    name: String,
    sub: String,
    stage: &'static str,
    tone: &'static str,
    seen: String,
    why: String,
    owners: Vec<Choice>,
}

pub fn page(cx: &Cx) -> Answer {
    let mut page = load(cx, cx.query())?;
    let text = match page.form.value("done") {
        "" => return page::show(&page),
        "left" => format!("{} has left and can no longer sign in.", page.name),
        _ => "Given to others, as confirmed.".to_owned(),
    };
    page.frame = page.frame.with_toast(Some(Toast {
        text,
        undo_href: None,
    }));
    page::show(&page)
}

/// The person asked for, when their leads are the asker's to share out.
fn asked_for(conn: &mut Conn, cx: &Cx) -> Result<Person> {
    let me = cx.me()?;
    let person = people::store::by_uid(conn, cx.param("uid")?)?.ok_or(Error::NotFound)?;
    match me.manages(person.id) {
        true => Ok(person),
        false => Err(Error::NotFound),
    }
}

fn load(cx: &Cx, form: Form) -> Result<LeaverPage> {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let person = asked_for(conn, cx)?;
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let mut open = mine::store::open_of(conn, person.id, LEADS_SHOWN as i64 + 1)?;
        let is_more = open.len() > LEADS_SHOWN;
        open.truncate(LEADS_SHOWN);
        let ids: Vec<i64> = open.iter().map(|lead| lead.id).collect();
        let profiles = leads::profile::store::of_leads(conn, &ids)?;
        let versions = mine::store::seen(conn, &open)?;
        let mut desk = Desk::load(conn, cx.kept, cx.now)?;
        let others = assign::receivers(&directory, me).filter(|p| p.id != person.id);
        let receivers: Vec<&Person> = others.collect();
        let rows = open.iter().map(|lead| {
            let profile = profiles.get(&lead.id).cloned().unwrap_or_default();
            let found = || desk.rule_for(&profile).map(|rule| rule.territory_id);
            let territory = lead.territory_id.or_else(found);
            let pick = desk.pick(territory, &[person.id]);
            let seen = versions.get(&lead.id).cloned().unwrap_or_default();
            row(lead, seen, &pick, &receivers, &directory, &form)
        });
        let mut standing = screens::store::standing(conn)?;
        standing.retain(|screen| {
            screen.made_by_id == Some(person.id) && screens::may_put_up(me, screen.team_id)
        });
        let screen = |screen: &Screen| ScreenRow {
            name: screen.name.clone(),
            team: directory
                .team(screen.team_id)
                .map(|team| team.name.clone())
                .unwrap_or_default(),
            made: page::time(screen.made_at, cx.zone()),
            take_down: format!("/team/screens/{}/take-down", screen.id),
        };
        Ok(LeaverPage {
            screens: standing.iter().map(screen).collect(),
            frame: Frame::new(cx, format!("Open leads of {}", person.name)),
            rows: rows.collect(),
            is_more,
            back: match me.role {
                Role::Admin => format!("/people/{}", person.uid),
                _ => String::new(),
            },
            person: person.uid,
            name: person.name,
            form,
        })
    })
}

fn row(
    lead: &Lead,
    seen: String,
    pick: &Pick,
    receivers: &[&Person],
    directory: &Directory,
    form: &Form,
) -> Row {
    let proposed = pick.owner_id.and_then(|id| directory.person(id));
    let field = format!("owner-{}", lead.uid);
    let mut choice = Form::filled([(
        "owner",
        match form.has(&field) {
            true => form.value(&field),
            false => proposed.map_or("", |person| person.uid.as_str()),
        },
    )]);
    let stays = (String::new(), "Leave it listed".to_owned());
    let others = receivers.iter().filter(|p| Some(p.id) != pick.owner_id);
    let all = proposed.into_iter().chain(others.copied());
    let each = all.map(|person| (person.uid.clone(), person.name.clone()));
    choice.set_default("owner", "");
    Row {
        uid: lead.uid.clone(),
        name: lead.title_name().to_owned(),
        sub: lead.company.clone(),
        stage: crate::style::stage(lead.stage),
        tone: lead.stage.tone(),
        seen,
        why: pick.why.clone(),
        owners: choice.choices("owner", [stays].into_iter().chain(each)),
    }
}

/// Gives those away for which an owner is chosen; each is judged by itself, and the others stay listed.
pub fn confirm(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let person = cx.read(|conn| asked_for(conn, cx))?;
    let uids: Vec<String> = form.values("lead").map(str::to_owned).collect();
    for uid in uids.iter().take(LEADS_SHOWN) {
        let owner = form.value(&format!("owner-{uid}")).to_owned();
        let seen = form.value(&format!("seen-{uid}")).to_owned();
        if owner.is_empty() {
            continue;
        }
        let why = match cx.write(|tx| give_from(tx, uid, person.id, &owner, &seen)) {
            Ok(Done::Stored) => continue,
            Ok(Done::Refused(_, why) | Done::Newer(why)) | Err(Error::Refused(why)) => why,
            Err(Error::NotFound | Error::Forbidden) => "This is not yours to give.".to_owned(),
            Err(error) => return Err(error),
        };
        let name = cx.read(|conn| leads::store::by_uid(conn, cx.me()?, uid))?;
        let name = name.map(|lead| lead.title_name().to_owned());
        let name = name.unwrap_or_else(|| "A lead".to_owned());
        form.refuse(&format!("owner-{uid}"), format!("{name}: {why}"));
    }
    match form.is_good() {
        true => page::go_to(format!("/people/{}/leads?done=given", person.uid)),
        false => page::again(&load(cx, form)?),
    }
}

/// Gives an open lead of somebody's to another: to people of the asker's teams, or to whom the rules may give it.
fn give_from(tx: &mut Tx, uid: &str, from_id: i64, owner_uid: &str, seen: &str) -> Result<Done> {
    let (story, may) = look(tx, uid)?;
    if !may.assign {
        return Err(Error::Forbidden);
    }
    let owner = people::store::by_uid(tx.conn, owner_uid)?;
    let owner_id = owner.as_ref().map(|owner| owner.id);
    if let Some(done) = changed(tx, &story, seen, |_, done| Ok(done.is_given(owner_id)))? {
        return Ok(done);
    }
    if story.lead.owner_id != Some(from_id) {
        return Err(Error::Forbidden);
    }
    let Some(owner) = owner else {
        return Err(Error::refused("Choose an owner from the list."));
    };
    if let Some(why) = unfit(&story, &owner) {
        return Err(Error::refused(why));
    }
    let (why, territory_id) = rota_turn(tx, &story, from_id, &owner)?;
    if why.is_empty() && !tx.me()?.may_give_to(owner.id) {
        return Err(Error::Forbidden);
    }
    let from = people::store::by_id(tx.conn, from_id)?;
    let reason = match from.is_some_and(|person| person.left_on.is_some()) {
        true => HAS_LEFT,
        false => "",
    };
    let handover_id = story.handover().map(|h| h.id);
    territories::store::place_lead(tx.conn, story.lead.id, handover_id, territory_id)?;
    assign::hand_on(tx, &story, Some(owner.id), reason, &why)?;
    Ok(Done::Stored)
}

/// Counts the turn where the new owner stands in the rota that the lead goes round in; in words, empty where not.
fn rota_turn(
    tx: &mut Tx,
    story: &Story,
    from_id: i64,
    owner: &Person,
) -> Result<(String, Option<i64>)> {
    let profile = leads::profile::store::of_lead(tx.conn, story.lead.id)?;
    let desk = Desk::load(tx.conn, tx.kept, tx.now)?;
    let found = || desk.rule_for(&profile).map(|rule| rule.territory_id);
    let territory_id = story.lead.territory_id.or_else(found);
    if !desk.goes_to(territory_id, &[from_id], owner.id) {
        return Ok((String::new(), territory_id));
    }
    territories::take_turn(tx, territory_id, &[from_id], owner.id)?;
    let place = match desk.territory_name(territory_id) {
        "" => "Default rota".to_owned(),
        name => format!("Territory {name}"),
    };
    Ok((format!("{place}, from the rota"), territory_id))
}
