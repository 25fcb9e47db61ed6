//! `calendar.csv`: working hours and zones of the workspace, of teams and of people.

use super::store;
use crate::app::Tx;
use crate::audit;
use crate::calendar::store as calendar;
use crate::calendar::{Whose, hours, read_minute};
use crate::db::Conn;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::columns::Column;
use crate::imports::report::{Change, Problem};
use crate::imports::row::{Incoming, Row};
use crate::people::{since_ever, store as people};
use crate::rules::access::Role;
use crate::rules::workday::{Block, WeekHours};
use crate::rules::zone::Zone;
use chrono::Weekday;
use std::collections::{BTreeMap, HashMap};

/// Whose hours a row says, before the team or person has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    Workspace,
    Team(Ref),
    Person(Ref),
}

struct HoursRow {
    line: u64,
    owner: OwnerName,
    zone: Zone,
    weekday: i32,
    block: Block,
}

/// As the row names it; teams and people are made only for a week that is good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum OwnerName {
    Workspace,
    Team(String),
    Person(String),
}

struct Columns {
    team: Column,
    email: Column,
    zone: Column,
    weekday: Column,
    opens: Column,
    closes: Column,
}

impl Columns {
    fn of(file: &Incoming) -> Columns {
        Columns {
            team: file.column("team"),
            email: file.column("email"),
            zone: file.column("time_zone"),
            weekday: file.column("weekday"),
            opens: file.column("opens"),
            closes: file.column("closes"),
        }
    }
}

/// The whole week of one owner.
#[derive(Clone)]
struct Week {
    owner: Owner,
    zone: Zone,
    blocks: Vec<(i32, Block)>,
}

/// What the rows ask to be written.
#[derive(Clone)]
pub struct Calendar {
    known: HashMap<Whose, Vec<(i32, Block)>>,
    zones: HashMap<Whose, String>,
    weeks: Vec<Week>,
}

impl Calendar {
    pub fn load(conn: &mut Conn) -> Result<Calendar> {
        let mut known: HashMap<Whose, Vec<(i32, Block)>> = HashMap::new();
        // The file says what holds since ever; hours that a page set from a day on stay from that day.
        for (week, blocks) in calendar::weeks(conn)? {
            if week.valid_from == since_ever() && !blocks.is_empty() {
                known.insert(week.whose(), blocks);
            }
        }
        let mut zones = HashMap::new();
        for team in people::teams(conn)? {
            zones.extend(team.time_zone.map(|zone| (Whose::Team(team.id), zone)));
        }
        for person in people::all(conn)? {
            zones.extend(
                person
                    .time_zone
                    .map(|zone| (Whose::Person(person.id), zone)),
            );
        }
        let workspace = people::workspace(conn)?.time_zone;
        zones.extend(workspace.map(|zone| (Whose::Workspace, zone)));
        Ok(Calendar {
            known,
            zones,
            weeks: Vec::new(),
        })
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let columns = Columns::of(file);
        let no_zone = Zone::utc();
        let mut spoilt: Vec<OwnerName> = Vec::new();
        let rows = file.rows(&no_zone, |row| {
            let owner = read_owner(row, &columns);
            let hours = read_hours(row, &columns, owner.clone());
            if hours.is_none() {
                spoilt.extend(owner);
            }
            hours
        });
        let mut weeks: BTreeMap<OwnerName, Vec<HoursRow>> = BTreeMap::new();
        for row in rows {
            weeks.entry(row.owner.clone()).or_default().push(row);
        }
        for (owner, rows) in weeks {
            if let Some((line, says)) = fault(&rows, spoilt.contains(&owner)) {
                for row in &rows {
                    let says = match line {
                        Some(line) if line != row.line => {
                            format!("line {line} of the same week is wrong")
                        }
                        _ => says.clone(),
                    };
                    file.report.refuse(Problem::of_line(row.line, says));
                }
                continue;
            }
            self.compare(file, books, &owner, rows);
        }
    }

    fn compare(
        &mut self,
        file: &mut Incoming,
        books: &mut Books,
        name: &OwnerName,
        rows: Vec<HoursRow>,
    ) {
        let Some(zone) = rows.first().map(|row| row.zone.clone()) else {
            return;
        };
        if let OwnerName::Person(email) = name
            && let Some(said) = books.said_zones.get(email)
            && said != zone.name()
        {
            for row in &rows {
                let says = format!("people.csv says {said} for this person: both must agree");
                file.report.refuse(Problem::of_line(row.line, says));
            }
            return;
        }
        let owner = match name {
            OwnerName::Workspace => Owner::Workspace,
            OwnerName::Team(name) => Owner::Team(books.teams.find_or_make(name)),
            OwnerName::Person(email) => Owner::Person(books.person(email, Role::Rep)),
        };
        let mut blocks: Vec<_> = rows.iter().map(|row| (row.weekday, row.block)).collect();
        blocks.sort_unstable();
        let whose = owner.known();
        let before = whose.and_then(|whose| self.known.get(&whose));
        let known_zone = whose
            .and_then(|whose| self.zones.get(&whose))
            .map(String::as_str);
        let change = match before {
            None => Change::New,
            Some(before) if *before == blocks && known_zone == Some(zone.name()) => {
                Change::Unchanged
            }
            Some(_) => Change::Changed,
        };
        for _ in &rows {
            file.report.count(change);
        }
        if owner == Owner::Workspace {
            books.zone = zone.clone();
        }
        if change != Change::Unchanged {
            self.weeks.push(Week {
                owner,
                zone,
                blocks,
            });
        }
    }

    pub fn write(&self, tx: &mut Tx, books: &Books) -> Result<()> {
        let by = (tx.by_id(), tx.now);
        let mut said = Vec::with_capacity(2 * self.weeks.len());
        for week in &self.weeks {
            let zone = week.zone.name();
            let whose = match week.owner {
                Owner::Workspace => {
                    people::set_workspace_zone(tx.conn, zone)?;
                    Whose::Workspace
                }
                Owner::Team(team) => {
                    let id = books.teams.id(team)?;
                    people::set_team_zone(tx.conn, id, zone)?;
                    Whose::Team(id)
                }
                Owner::Person(person) => {
                    let id = books.person_id(person)?;
                    store::set_person_zone(tx.conn, id, zone)?;
                    Whose::Person(id)
                }
            };
            calendar::replace_hours(tx.conn, whose, &week.blocks, by)?;
            let was = self.zone_before(books, whose);
            let (was, became) = audit::differing(&[("zone", was, zone)]);
            said.push(audit::Change {
                verb: "changed",
                about: whose.subject(),
                was,
                became,
            });
            let was = self.known.get(&whose).map(Vec::as_slice);
            said.push(hours::since_ever(whose, was, &week.blocks));
        }
        audit::changes(tx, &said)
    }

    /// The zone that holds before this file; of somebody in `people.csv` what that says.
    fn zone_before<'b>(&'b self, books: &'b Books, whose: Whose) -> &'b str {
        let person = match whose {
            Whose::Person(id) => books.known_people.get(&id),
            _ => None,
        };
        let said = person.and_then(|person| person.time_zone.as_ref());
        let zone = said.or_else(|| self.zones.get(&whose));
        zone.map_or("", String::as_str)
    }
}

impl Owner {
    /// Whose hours they are, where the database has the owner.
    fn known(self) -> Option<Whose> {
        match self {
            Owner::Workspace => Some(Whose::Workspace),
            Owner::Team(Ref::Known(id)) => Some(Whose::Team(id)),
            Owner::Person(Ref::Known(id)) => Some(Whose::Person(id)),
            _ => None,
        }
    }
}

fn read_owner(row: &mut Row, columns: &Columns) -> Option<OwnerName> {
    match (row.text(columns.team), row.email(columns.email)) {
        ("", None) if row.text(columns.email).is_empty() => Some(OwnerName::Workspace),
        ("", address) => address.map(OwnerName::Person),
        (name, None) => Some(OwnerName::Team(name.to_owned())),
        (_, Some(_)) => {
            row.refuse(
                columns.email,
                "hours are a team's or a person's: leave one of team and email empty",
            );
            None
        }
    }
}

fn read_hours(row: &mut Row, columns: &Columns, owner: Option<OwnerName>) -> Option<HoursRow> {
    let a_zone = "a time zone such as Europe/Berlin";
    let zone = row.needed_parsed(columns.zone, a_zone, Zone::named);
    let a_weekday = "a weekday from 1 (Monday) to 7";
    let weekday = row.needed_parsed(columns.weekday, a_weekday, |text| {
        text.parse().ok().filter(|day| (1..=7).contains(day))
    });
    let opens = row.needed_parsed(columns.opens, "a time such as 09:00", read_minute);
    let closes = row.needed_parsed(columns.closes, "a time such as 17:00", read_minute);
    if let (Some(opens), Some(closes)) = (opens, closes)
        && opens >= closes
    {
        row.refuse(columns.closes, "hours must close after they open");
    }
    if !row.is_good() {
        return None;
    }
    Some(HoursRow {
        line: row.line,
        owner: owner?,
        zone: zone?,
        weekday: weekday?,
        block: Block {
            opens_min: opens?,
            closes_min: closes?,
        },
    })
}

/// Why the rows make no week, and in which line: half a week must not replace a whole one.
fn fault(rows: &[HoursRow], is_spoilt: bool) -> Option<(Option<u64>, String)> {
    let first = rows.first()?;
    if let Some(row) = rows.iter().find(|row| row.zone != first.zone) {
        let (zone, other) = (row.zone.name(), first.zone.name());
        return Some((
            Some(row.line),
            format!(
                "the zone is {zone} here and {other} in line {}: they must agree",
                first.line
            ),
        ));
    }
    for (at, row) in rows.iter().enumerate() {
        let week = rows[..=at]
            .iter()
            .map(|row| (weekday(row.weekday), row.block));
        if let Err(error) = WeekHours::new(week) {
            return Some((Some(row.line), error.to_string()));
        }
    }
    is_spoilt.then(|| (None, "another row of the same week is wrong".to_owned()))
}

/// 1 is Monday, 7 Sunday.
fn weekday(number: i32) -> Weekday {
    Weekday::try_from((number - 1).clamp(0, 6) as u8).unwrap_or(Weekday::Mon)
}
