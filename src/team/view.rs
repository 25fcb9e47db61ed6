//! The rows and bars of a board in ready words.

use super::figure::Figure;
use super::{Beside, Filters, Rank, Row, TeamBar, Who, entries, explain, together};
use crate::app::Cx;
use crate::charts::spark::Spark;
use crate::error::Result;
use crate::habit;
use crate::page::{self, DASH, Said};
use crate::rules::access::{Me, Role};
use crate::rules::target::Metric;
use std::collections::HashMap;

/// What a team has together.
pub struct BarView {
    pub team: String,
    pub text: String,
    pub percent: u32,
    pub note: Vec<Said>,
    pub tone: &'static str,
    pub href: String,
}

pub struct RowView {
    pub place: String,
    pub name: String,
    pub sub: String,
    pub is_mine: bool,
    pub is_away: bool,
    pub value: String,
    /// The rows behind the figure; empty where they are not the reader's to see.
    pub href: String,
    pub target: String,
    pub target_href: String,
    pub percent: String,
    pub percent_href: String,
    /// Of what was due by now, and how much that is.
    pub of_due: String,
    pub due: String,
    pub of_due_href: String,
    /// 0 to 100; `None` without a share.
    pub bar: Option<u32>,
    pub improvement: String,
    pub improvement_href: String,
    pub leads_reached: String,
    pub leads_reached_href: String,
    pub reached: String,
    pub reached_href: String,
    pub reached_of: String,
    /// Of the period before, and how much more it is now.
    pub before: String,
    pub before_href: String,
    pub change: String,
    pub trend: Spark,
    /// The same in words, and what explains them.
    pub weeks: Vec<String>,
    pub weeks_href: String,
}

/// What a row is made with, besides itself.
pub struct Around<'a> {
    pub filters: &'a Filters,
    pub beside: &'a HashMap<Who, Beside>,
    pub before: &'a HashMap<Who, f64>,
    /// What was asked for of the period before; nothing without one.
    pub earlier: Option<&'a Filters>,
    /// What one's own row still takes to the next line; empty for nothing.
    pub next_line: &'a str,
}

fn percent(share: f64) -> u32 {
    (share * 100.0).round().clamp(0.0, 100.0) as u32
}

impl BarView {
    /// The note where nothing can be opened, as on a wall.
    pub fn note_words(&self) -> String {
        Said::words(&self.note)
    }

    /// `leads` says whether the reader leads the team: whose entries are behind its figures is theirs to see.
    pub fn of(bar: &TeamBar, filters: &Filters, leads: bool) -> BarView {
        let href = |figure| together::href(figure, filters, Some(bar.team_id));
        let text = goal_words(bar.counted, bar.target, bar.value);
        let mut note = Vec::new();
        match bar.target {
            None => note.push(plain("No target")),
            Some(target) => {
                let of = match habit::some_asked(bar.asked) {
                    all if all.is_empty() => "team\u{2019}s goal".to_owned(),
                    some => some,
                };
                note.push(Said {
                    figure: page::whole_percent(bar.counted / target),
                    after: format!(" of the {of}"),
                    href: href(Figure::GoalShare),
                    ..Said::default()
                });
                // What is printed adds up.
                let beyond = habit::beyond_goal(bar.value, bar.counted);
                if beyond > 0.005 {
                    note.push(Said {
                        before: "; ".to_owned(),
                        figure: page::amount(beyond),
                        after: " more that count for nobody\u{2019}s target, or for more than 125\u{a0}% of one"
                            .to_owned(),
                        href: href(Figure::GoalBeyond),
                    });
                }
            }
        }
        note.push(plain("; "));
        note.extend(beside(bar, filters, leads));
        BarView {
            team: bar.team.clone(),
            text,
            href: href(Figure::Goal),
            percent: bar.target.map_or(0, |target| percent(bar.counted / target)),
            note,
            tone: if bar.target.is_some() {
                "good"
            } else {
                "quiet"
            },
        }
    }
}

/// What stands beside the volume of a team, with the entries behind it for who leads it.
fn beside(bar: &TeamBar, filters: &Filters, leads: bool) -> Vec<Said> {
    if !leads {
        return bar.beside.said("", "");
    }
    let who = Who::Team(Some(bar.team_id));
    // A bar is of all the team, whatever peer group the board is limited to.
    let of_team = Filters {
        metric: Metric::LeadsReached,
        peers: None,
        ..filters.clone()
    };
    bar.beside.said(
        &entries::href(&of_team, who, ""),
        &explain::href(Figure::Reached, &of_team, who, ""),
    )
}

fn plain(words: &str) -> Said {
    Said {
        before: words.to_owned(),
        ..Said::default()
    }
}

/// "12 of 40", and without a target what was done.
pub fn goal_words(counted: f64, target: Option<f64>, done: f64) -> String {
    match target {
        Some(target) => habit::goal_words(counted, target),
        None => page::amount(done),
    }
}

/// What one's own row takes to the next line to reach, by what ranks: `2 more to the next line`.
pub fn next_line(rows: &[Row], filters: &Filters) -> String {
    let of = |row: &Row| row.ranks_by(filters.rank);
    let own = rows.iter().find(|row| !row.is_line).and_then(of);
    let own = match filters.rank {
        Rank::Value => own.unwrap_or(0.0),
        _ => match own {
            Some(own) => own,
            None => return String::new(),
        },
    };
    let lines = rows.iter().filter(|row| row.is_line).filter_map(of);
    let next = lines.filter(|line| *line > own).reduce(f64::min);
    next.map_or_else(String::new, |next| match filters.rank {
        Rank::Value => format!("{} more to the next line", page::amount(next - own)),
        _ => format!("{} to the next line", page::points(next - own)),
    })
}

pub fn row_view(cx: &Cx, around: &Around, row: &Row, trend: Spark) -> Result<RowView> {
    let me = cx.me()?;
    let filters = around.filters;
    let figure = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
    let beside = around.beside.get(&row.who).copied().unwrap_or_default();
    let (reached, reached_of) = beside.reached_words();
    let is_there = row.value.is_some() && !row.is_line;
    let is_mine = row.who == Who::Person(me.id);
    let open = |metric: &Metric| match is_there && may_open(me, row.who) {
        true => {
            let filters = Filters {
                metric: metric.clone(),
                ..filters.clone()
            };
            entries::href(&filters, row.who, &row.uid)
        }
        false => String::new(),
    };
    let share = |figure, is_there| match is_there && !row.is_line && may_open(me, row.who) {
        true => explain::href(figure, filters, row.who, &row.uid),
        false => String::new(),
    };
    let before = around.before.get(&row.who).filter(|_| !row.is_line);
    let change = before.zip(row.value).map(|(before, value)| value - before);
    Ok(RowView {
        place: row.place.map_or(DASH.to_owned(), |place| place.to_string()),
        name: page::group_name(&row.name).to_owned(),
        sub: sub(row, is_mine, around.next_line),
        is_mine,
        is_away: row.is_away,
        value: figure(row.value),
        href: open(&filters.metric),
        leads_reached_href: open(&Metric::LeadsReached),
        reached_href: share(Figure::Reached, is_there),
        target: figure(row.target),
        target_href: share(Figure::Target, row.target.is_some()),
        percent: row.percent.map_or(DASH.to_owned(), page::percent),
        percent_href: share(Figure::Percent, is_there && row.percent.is_some()),
        of_due: row.of_due.map_or(DASH.to_owned(), page::percent),
        due: row.due.map(page::amount).unwrap_or_default(),
        of_due_href: share(Figure::OfDue, is_there && row.of_due.is_some()),
        bar: row.percent.map(percent),
        improvement: row.improvement.map_or(DASH.to_owned(), page::points),
        improvement_href: share(Figure::Improved, row.improvement.is_some()),
        leads_reached: figure(is_there.then_some(beside.leads_reached)),
        reached,
        reached_of,
        before: figure(before.copied()),
        before_href: match (around.earlier, before) {
            (Some(earlier), Some(_)) if may_open(me, row.who) => {
                entries::href(earlier, row.who, &row.uid)
            }
            _ => String::new(),
        },
        change: change.map(signed).unwrap_or_default(),
        trend,
        weeks: Vec::new(),
        weeks_href: share(Figure::Trend, true),
    })
}

fn sub(row: &Row, is_mine: bool, next_line: &str) -> String {
    let team = row.email.as_ref().and(row.team.as_deref()).unwrap_or("");
    let parts = [team, if is_mine { next_line } else { "" }];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" \u{b7} ")
}

/// `+3`, `−2`, or `as many`.
fn signed(change: f64) -> String {
    match change {
        change if change > 0.0 => format!("+{}", page::amount(change)),
        change if change < 0.0 => format!("\u{2212}{}", page::amount(-change)),
        _ => "as many".to_owned(),
    }
}

/// The entries behind a figure: one's own, and for a manager or an admin those of their board.
pub fn may_open(me: &Me, who: Who) -> bool {
    who == Who::Person(me.id) || matches!(me.role, Role::Manager | Role::Admin)
}
