//! The story as files to import: the demo comes in by the same door as everybody's data.

use super::cast::{CAST, CLARA, FIELD, INES, INSIDE};
use super::market::TERRITORIES;
use super::setting::{Setting, blocks};
use super::story::Story;
use super::targets::{For, TARGETS};
use crate::error::{Error, Result};

/// A file's name and its text.
pub type File = (&'static str, Vec<u8>);

const CURRENCY: &str = "EUR";

pub fn of_setting(setting: &Setting) -> Result<Vec<File>> {
    Ok(vec![
        people(setting)?,
        calendar(setting)?,
        holidays(setting)?,
        time_off(setting)?,
        targets(setting)?,
    ])
}

pub fn of_story(story: &Story) -> Result<Vec<File>> {
    Ok(vec![leads(story)?, activities(story)?, lead_events(story)?])
}

fn file<const N: usize>(
    name: &'static str,
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<File> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row).map_err(Error::internal)?;
    }
    let text = writer.into_inner().map_err(Error::internal)?;
    Ok((name, text))
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn email(who: usize) -> String {
    CAST[who].email()
}

fn people(setting: &Setting) -> Result<File> {
    let row = |(who, member): (usize, &super::cast::Member)| {
        let zone = if who == INES {
            setting.other_zone.name()
        } else {
            ""
        };
        [
            member.email(),
            member.name.to_owned(),
            member.role.to_string(),
            member.team.to_owned(),
            zone.to_owned(),
        ]
    };
    file(
        "people.csv",
        ["email", "name", "role", "team", "time_zone"],
        CAST.iter().enumerate().map(row),
    )
}

fn calendar(setting: &Setting) -> Result<File> {
    // An office without anybody in it keeps the hours of the inside team.
    let owners = [
        ("", String::new(), 0),
        (INSIDE, String::new(), 0),
        (FIELD, String::new(), 5),
        ("", email(CLARA), CLARA),
    ];
    let mut rows = Vec::new();
    for (team, email, who) in &owners {
        for weekday in &setting.workdays {
            for block in blocks(*who) {
                rows.push([
                    (*team).to_owned(),
                    email.clone(),
                    setting.zone.name().to_owned(),
                    weekday.number_from_monday().to_string(),
                    clock(block.opens_min),
                    clock(block.closes_min),
                ]);
            }
        }
    }
    file(
        "calendar.csv",
        ["team", "email", "time_zone", "weekday", "opens", "closes"],
        rows,
    )
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn holidays(setting: &Setting) -> Result<File> {
    let rows = setting.holidays.iter().map(|holiday| {
        [
            holiday.day.to_string(),
            holiday.name.to_owned(),
            holiday.team.to_owned(),
        ]
    });
    file("holidays.csv", ["date", "name", "team"], rows)
}

fn time_off(setting: &Setting) -> Result<File> {
    let rows = setting.time_off.iter().map(|off| {
        [
            email(off.who),
            off.from.to_string(),
            off.to.to_string(),
            off.part.to_owned(),
        ]
    });
    file("time_off.csv", ["email", "from", "to", "part"], rows)
}

fn targets(setting: &Setting) -> Result<File> {
    let rows = TARGETS.iter().map(|target| {
        let (team, email) = match target.of {
            For::Team(team) => (team.to_owned(), String::new()),
            For::Member(who) => (String::new(), email(who)),
        };
        [
            team,
            email,
            target.metric.to_owned(),
            target.amount.to_string(),
            target.period.to_owned(),
            target.valid_from(setting).to_string(),
            target.reason.to_owned(),
        ]
    });
    file(
        "targets.csv",
        [
            "team",
            "email",
            "metric",
            "amount",
            "period",
            "valid_from",
            "reason",
        ],
        rows,
    )
}

fn lead_id(lead: usize) -> String {
    format!("D-{:05}", lead + 1)
}

fn leads(story: &Story) -> Result<File> {
    const HEADER: [&str; 17] = [
        "external_id",
        "name",
        "company",
        "email",
        "phone",
        "title",
        "territory",
        "source",
        "campaign",
        "asset",
        "urgency",
        "score",
        "created_at",
        "handed_over_at",
        "state",
        "assigned_at",
        "owner_email",
    ];
    let rows = story.leads.iter().enumerate().map(|(number, lead)| {
        let state = lead.handed_over_at.map_or("nurture", |_| "");
        [
            lead_id(number),
            lead.name.clone(),
            lead.company.clone(),
            lead.email.clone(),
            lead.phone.clone(),
            lead.title.to_owned(),
            TERRITORIES[lead.territory].to_owned(),
            lead.source.name.to_owned(),
            lead.campaign.to_owned(),
            lead.asset.to_owned(),
            lead.urgency.to_string(),
            lead.score.to_string(),
            lead.created_at.to_string(),
            text(lead.handed_over_at),
            state.to_owned(),
            text(lead.assigned_at),
            text(lead.owner.map(email)),
        ]
    });
    file("leads.csv", HEADER, rows)
}

fn activities(story: &Story) -> Result<File> {
    const HEADER: [&str; 12] = [
        "external_id",
        "person_email",
        "kind",
        "happened_at",
        "lead_external_id",
        "outcome",
        "technique",
        "quantity",
        "entered_at",
        "with_email",
        "asset",
        "note",
    ];
    let rows = story.touches.iter().enumerate().map(|(number, touch)| {
        [
            format!("A-{:05}", number + 1),
            email(touch.who),
            touch.kind.to_owned(),
            touch.at.to_string(),
            text(touch.lead.map(lead_id)),
            touch.outcome.to_owned(),
            touch.technique.to_owned(),
            touch.quantity.to_string(),
            touch.entered_at.to_string(),
            text(touch.with.map(email)),
            touch.asset.to_owned(),
            touch.note.to_owned(),
        ]
    });
    file("activities.csv", HEADER, rows)
}

fn lead_events(story: &Story) -> Result<File> {
    let rows = story.events.iter().map(|event| {
        let currency = event.amount.map_or("", |_| CURRENCY);
        [
            lead_id(event.lead),
            event.at.to_string(),
            event.kind.to_owned(),
            event.reason.to_owned(),
            text(event.by.map(email)),
            text(event.owner.map(email)),
            text(event.amount),
            currency.to_owned(),
        ]
    });
    file(
        "lead_events.csv",
        [
            "lead_external_id",
            "at",
            "event",
            "reason",
            "by_email",
            "owner_email",
            "amount",
            "currency",
        ],
        rows,
    )
}
