//! Trying the rules on: what would become of a lead like this one, and why.

use super::desk::{Desk, Pick, Presence};
use super::pages::{about, read_size};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::leads::{self, Lead};
use crate::page::{self, Answer, Frame};
use crate::rules::profile::Profile;
use crate::rules::territory::{Part, Rule, Seat};
use askama::Template;

const LEADS_FOUND: i64 = 8;

#[derive(Template)]
#[template(path = "territories/try.html")]
struct TrialPage {
    frame: Frame,
    form: Form,
    /// Leads that are found by what was typed.
    leads: Vec<LeadRow>,
    /// The lead that is tried; empty for none.
    lead: String,
    verdict: Option<Verdict>,
}

struct LeadRow {
    href: String,
    name: String,
    company: String,
}

struct Verdict {
    /// The end of it, in a sentence.
    sentence: String,
    tone: &'static str,
    rules: Vec<RuleRow>,
    people: Vec<PersonRow>,
}

struct RuleRow {
    number: usize,
    about: String,
    territory: String,
    why: String,
    tone: &'static str,
}

struct PersonRow {
    name: String,
    weight: i64,
    presence: String,
    turn: &'static str,
    tone: &'static str,
}

pub fn page(cx: &Cx) -> Answer {
    let mut form = cx.query();
    cx.snapshot(|conn| {
        let me = cx.me()?;
        let lead = match form.value("lead") {
            "" => None,
            uid => Some(leads::store::by_uid(conn, me, uid)?.ok_or(Error::NotFound)?),
        };
        if let Some(lead) = &lead {
            form = of_lead(conn, lead)?;
        }
        let profile = read(&mut form);
        let q = form.value("q").to_owned();
        let found = match q.as_str() {
            "" => Vec::new(),
            q => leads::store::search(conn, me, q, LEADS_FOUND)?,
        };
        let is_asked = lead.is_some() || profile.as_ref().is_some_and(|p| !p.is_empty());
        let verdict = match profile.filter(|_| is_asked && form.is_good()) {
            Some(profile) => Some(judge(cx, conn, lead.as_ref(), &profile)?),
            None => None,
        };
        let row = |lead: &Lead| LeadRow {
            href: format!("/territories/try?lead={}#verdict", lead.uid),
            name: lead.title_name().to_owned(),
            company: lead.company.clone(),
        };
        let page = TrialPage {
            frame: Frame::new(cx, "Try the rules"),
            leads: found.iter().map(row).collect(),
            lead: lead.map(|l| l.title_name().to_owned()).unwrap_or_default(),
            verdict,
            form,
        };
        match page.form.is_good() {
            true => page::show(&page),
            false => page::again(&page),
        }
    })
}

fn of_lead(conn: &mut Conn, lead: &Lead) -> Result<Form> {
    let profile = leads::profile::store::of_lead(conn, lead.id)?;
    let employees = profile.employees.map(|n| n.to_string());
    Ok(Form::filled([
        ("country", profile.country),
        ("region", profile.region),
        ("post_code", profile.post_code),
        ("employees", employees.unwrap_or_default()),
        ("segment", profile.segment),
    ]))
}

fn read(form: &mut Form) -> Option<Profile> {
    let country = form.text("country", 200);
    let region = form.text("region", 200);
    let post_code = form.text("post_code", 200);
    let employees = form.optional("employees", "a whole number", read_size);
    let segment = form.text("segment", 200);
    Some(Profile {
        country: country?,
        region: region?,
        post_code: post_code?,
        employees: employees?,
        segment: segment?,
    })
}

fn judge(cx: &Cx, conn: &mut Conn, lead: Option<&Lead>, profile: &Profile) -> Result<Verdict> {
    let mut desk = Desk::load(conn, cx.kept, cx.now)?;
    let by_rule = desk.rule_for(profile).cloned();
    let given = lead.and_then(|lead| lead.territory_id);
    let territory_id = given.or(by_rule.as_ref().map(|rule| rule.territory_id));
    let rules = desk.rules.iter().enumerate().map(|(at, rule)| {
        let is_it = by_rule.as_ref().is_some_and(|found| found.id == rule.id);
        let (tone, why) = match rule.mismatch(profile) {
            _ if is_it => ("good", "Fits, and is the first that does".to_owned()),
            None => ("quiet", "Fits too, but comes later".to_owned()),
            Some(part) => ("quiet", misses(part, rule, profile)),
        };
        RuleRow {
            number: at + 1,
            about: about(rule),
            territory: desk.territory_name(Some(rule.territory_id)).to_owned(),
            why,
            tone,
        }
    });
    let rules = rules.collect();
    // Picking takes a turn, in memory: who is next is read from the rota as it was before.
    let rota = territory_id.filter(|_| !desk.seats(territory_id).is_empty());
    let seats = desk.seats(rota).to_vec();
    let pick = desk.pick(territory_id, &[]);
    let people = seats.iter().map(|seat| person(cx, &desk, seat, &pick));
    Ok(Verdict {
        people: people.collect(),
        sentence: sentence(&desk, given, &pick),
        tone: if pick.owner_id.is_some() {
            "good"
        } else {
            "warn"
        },
        rules,
    })
}

fn person(cx: &Cx, desk: &Desk, seat: &Seat, pick: &Pick) -> PersonRow {
    let presence = desk.presence(seat.person_id);
    let (tone, turn) = match pick.owner_id {
        Some(id) if id == seat.person_id => ("good", "Gets the lead"),
        _ if presence == Presence::Here => ("quiet", "Comes later in turn"),
        _ => ("quiet", "Is passed over now"),
    };
    let today = cx.zone().day_of(cx.now);
    let known = desk.person(seat.person_id);
    PersonRow {
        name: known.map(|person| person.name.clone()).unwrap_or_default(),
        weight: seat.weight,
        presence: match presence {
            Presence::Here => "At work".to_owned(),
            Presence::From(at) => format!("From {}", page::short_time(at, cx.zone(), today)),
            Presence::Away => "Away for some days".to_owned(),
        },
        turn,
        tone,
    }
}

fn sentence(desk: &Desk, given: Option<i64>, pick: &Pick) -> String {
    let why = match given {
        Some(_) => format!("{}. The lead has this territory already", pick.why),
        None => pick.why.clone(),
    };
    match pick.owner_id.and_then(|id| desk.person(id)) {
        Some(person) => format!("{} would get it: {why}.", person.name),
        None => format!("It would wait in the queue: {why}."),
    }
}

/// Why a part of a rule does not fit.
fn misses(part: Part, rule: &Rule, profile: &Profile) -> String {
    let no = |what: &str, wanted: &str, has: &str| match has {
        "" => format!("No: the {what} is not known"),
        has => format!("No: the {what} is {has}, not {wanted}"),
    };
    match part {
        Part::Country => no("country", &rule.country, &profile.country),
        Part::Region => no("region", &rule.region, &profile.region),
        Part::PostCode => {
            let wanted = format!("{}\u{2026}", rule.post_code);
            no("post code", &wanted, &profile.post_code)
        }
        Part::Segment => no("segment", &rule.segment, &profile.segment),
        Part::Employees => match profile.employees {
            None => "No: the company's size is not known".to_owned(),
            Some(n) => format!("No: {n} people work there"),
        },
    }
}
