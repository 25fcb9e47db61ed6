//! Each table of a pack as a file, as its reader sees it.

use super::Commitment;
use super::content::{Against, Content};
use super::view;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::people::Directory;
use crate::rules::rates::Rate;

crate::words! {
    /// A table of the pack.
    pub enum Table {
        Reps = "reps",
        Owners = "owners",
        Goals = "goals",
        Levels = "levels",
        Reasons = "reasons",
        Disputes = "disputes",
        Visits = "visits",
        /// Those that were carried into the pack, and those that were made on it.
        Commitments = "commitments",
        Agreed = "agreed",
    }
}

/// What was agreed on the pack itself, as its reader sees it.
pub struct Agreed<'a> {
    pub rows: Vec<&'a Commitment>,
    pub directory: &'a Directory,
}

/// `NotFound` for a table that there is not.
pub fn csv(content: &Content, agreed: &Agreed, table: &str) -> Result<String> {
    match Table::from_word(table).ok_or(Error::NotFound)? {
        Table::Reps => reps(content),
        Table::Owners => owners(content),
        Table::Goals => goals(content),
        Table::Levels => levels(content),
        Table::Reasons => reasons(content),
        Table::Disputes => disputes(content, agreed.directory),
        Table::Visits => visits(content),
        Table::Commitments => commitments(content),
        Table::Agreed => agreed.csv(),
    }
}

fn count(value: u64) -> Cell {
    Cell::count(value as i64)
}

fn text(value: &str) -> Cell {
    Cell::from(value)
}

/// A row for each person and metric; of a line to reach the one that ranks, and nothing else of it.
fn reps(content: &Content) -> Result<String> {
    let header = [
        "name",
        "team",
        "place",
        "days_hit",
        "days_expected",
        "metric",
        "value",
        "target",
        "of_target",
        "activities",
        "reached",
        "leads_reached",
        "late",
        "share_reached",
        "share_reached_low",
        "share_reached_high",
        "off",
    ];
    let rows = content.reps.iter().flat_map(|rep| {
        let ranks = |one: &&Against| !rep.is_line || one.value.or(one.share).is_some();
        let told = move |value: f64| Cell::number(rep.has_week().then_some(value));
        let asked = (!rep.is_line).then_some(rep.expected);
        let hit = asked.filter(|expected| *expected > 0).map(|_| rep.hit);
        rep.against.iter().filter(ranks).map(move |one| {
            let share = one.value.zip(one.target);
            let share = share.map(|(value, target)| value / target).or(one.share);
            let mut cells = vec![
                text(&rep.name),
                text(&rep.team),
                Cell::number(rep.place.map(|place| place as f64)),
                Cell::number(hit.map(f64::from)),
                Cell::number(asked.map(f64::from)),
                text(&one.metric),
                Cell::number(one.value),
                Cell::number(one.target),
                Cell::number(share),
                told(rep.activities),
                told(rep.reached),
                told(rep.leads_reached),
                rep.late.map_or(text(""), told),
            ];
            cells.extend(rated(rep.share_reached()));
            cells.push(Cell::from(view::off_words(rep)));
            cells
        })
    });
    csv_out::table(&header, rows)
}

fn owners(content: &Content) -> Result<String> {
    let header = [
        "owner",
        "open",
        "untouched",
        "oldest_untouched",
        "untouched_since",
        "oldest_open",
        "open_since",
    ];
    let rows = content.owners.iter().map(|owner| {
        let lead = |lead: &Option<super::content::OpenLead>| match lead {
            Some(lead) => [
                text(&lead.name),
                Cell::from(lead.handed_over_at.to_string()),
            ],
            None => [text(""), text("")],
        };
        let [untouched, untouched_since] = lead(&owner.oldest_untouched);
        let [open, open_since] = lead(&owner.oldest_open);
        vec![
            text(&owner.name),
            count(owner.open),
            count(owner.untouched),
            untouched,
            untouched_since,
            open,
            open_since,
        ]
    });
    csv_out::table(&header, rows)
}

/// Shares are 0 to 1: of the goal, and of its working time that was gone.
fn goals(content: &Content) -> Result<String> {
    let header = [
        "goal",
        "measure",
        "value",
        "amount",
        "currency",
        "of_goal",
        "time_gone",
        "until",
    ];
    let rows = content.goals.iter().map(|goal| {
        let number = |value: f64| Cell::number(Some(value).filter(|value| value.is_finite()));
        vec![
            text(&goal.name),
            text(&goal.measure),
            number(goal.value),
            number(goal.amount),
            text(&goal.currency),
            number(goal.value / goal.amount),
            number(goal.gone),
            Cell::from(goal.to.to_string()),
        ]
    });
    csv_out::table(&header, rows)
}

/// A share with the ends of its interval, 0 to 1.
fn rated(rate: Rate) -> [Cell; 3] {
    let (low, high) = rate.interval().unzip();
    [rate.share(), low, high].map(Cell::number)
}

/// A row for each promise of each side: `met` of `judged`, of the `n` leads that were handed over. What was promised in
/// number is filed with its own row, as far as it stands on the page.
fn levels(content: &Content) -> Result<String> {
    let header = [
        "team",
        "side",
        "promise",
        "met",
        "judged",
        "pending",
        "not_applicable",
        "share",
        "low",
        "high",
        "n",
    ];
    let rows = content.levels.iter().flat_map(|level| {
        let team = match level.is_all && level.team.is_empty() {
            true => "all",
            false => level.team.as_str(),
        };
        let row = move |side: &str, label: &str, rate: Rate, rest: [Cell; 2]| {
            let mut cells = vec![text(team), text(side), text(label)];
            cells.extend([rate.k, rate.n].map(count));
            cells.extend(rest);
            cells.extend(rated(rate));
            cells.push(count(level.n));
            cells
        };
        let sales = level.sales.iter().map(move |promise| {
            let rest = [promise.pending, promise.not_applicable].map(count);
            row("sales", &promise.label, promise.rate(), rest)
        });
        let marketing = level.marketing.iter().map(move |kept| {
            let rest = [kept.pending.map_or(text(""), count), text("")];
            row("marketing", &kept.label, kept.rate(), rest)
        });
        let volume = level.delivered.zip(level.promised);
        let volume = volume.map(move |(delivered, promised)| {
            let mut cells = vec![text(team), text("marketing"), text("Leads handed over")];
            cells.extend([Some(delivered as f64), Some(promised)].map(Cell::number));
            cells.extend((0..5).map(|_| text("")));
            cells.push(count(level.n));
            cells
        });
        sales.chain(marketing).chain(volume)
    });
    csv_out::table(&header, rows)
}

fn reasons(content: &Content) -> Result<String> {
    let rows = view::sources(content, &|_, _| String::new())
        .into_iter()
        .flat_map(|source| {
            let name = source.source;
            let rows = source.reasons.into_iter();
            rows.map(move |one| vec![text(&name), Cell::from(one.words), count(one.n)])
        });
    csv_out::table(&["source", "reason", "n"], rows)
}

fn disputes(content: &Content, directory: &Directory) -> Result<String> {
    let rows = content.disputes.iter().map(|one| {
        vec![
            text(&one.name),
            text(directory.name(one.owner_id)),
            text(&one.reason),
            Cell::from(one.disputed_at.to_string()),
            text(&one.says),
        ]
    });
    csv_out::table(
        &["lead", "owner", "reason", "disputed_at", "marketing_says"],
        rows,
    )
}

fn visits(content: &Content) -> Result<String> {
    let rows = content.visits.iter().map(|visit| {
        vec![
            Cell::from(visit.day.to_string()),
            text(&visit.person),
            text(&visit.with),
            text(&visit.kind),
            text(&visit.outcome),
            text(&visit.lead),
        ]
    });
    csv_out::table(&["day", "person", "with", "kind", "outcome", "lead"], rows)
}

fn commitments(content: &Content) -> Result<String> {
    let rows = content.carried.iter().map(|one| {
        vec![
            text(&one.text),
            text(&one.owner),
            Cell::from(one.due_on.to_string()),
            Cell::from(one.made_on.to_string()),
            text(one.verdict.as_deref().unwrap_or("open")),
            text(&one.note),
        ]
    });
    csv_out::table(&COMMITMENT, rows)
}

const COMMITMENT: [&str; 6] = [
    "commitment",
    "owner",
    "due_on",
    "made_on",
    "verdict",
    "note",
];

impl Agreed<'_> {
    /// As it stands now: what was agreed at the meeting is added to the pack, and settled later.
    fn csv(&self) -> Result<String> {
        let header = [&COMMITMENT[..], &["settled_at"]].concat();
        let rows = self.rows.iter().map(|row| {
            let end = row.end.as_ref();
            vec![
                text(&row.text),
                text(self.directory.name(Some(row.owner_id))),
                Cell::from(row.due_on.to_string()),
                Cell::from(row.monday.to_string()),
                text(end.map_or("open", |end| end.verdict.word())),
                text(end.map_or("", |end| &end.note)),
                Cell::from(end.map_or(String::new(), |end| end.at.to_string())),
            ]
        });
        csv_out::table(&header, rows)
    }
}
