//! The reasons as tables and as a picture.

use super::{Group, Reason, Report};
use crate::charts::bars::{self, Bars, Fill};
use crate::outcomes::figures::{Part, Step};
use crate::outcomes::sheet::{Line, Said, Table};
use crate::page;
use crate::style;

impl Report {
    pub(super) fn taken_up(
        &self,
        (groups, order): (&[&Group], &str),
        named: impl Fn(&Group) -> String,
        way: impl Fn(&str, &Group) -> String,
    ) -> Table {
        let line = |group: &&Group| {
            let told = |figure: &str, said: Said| Said {
                href: way(figure, group),
                ..said
            };
            let share = |figure: &str, part: &Part| told(figure, Said::share(part.rate()));
            let note = group.note(self.by);
            Line {
                name: named(group),
                badge: note,
                is_faint: !note.is_empty(),
                cells: vec![
                    told(Step::HandedOver.word(), Said::plain(style::count(group.n))),
                    share(Step::TakenUp.word(), &group.taken_up),
                    share(Step::Accepted.word(), &group.accepted),
                    share(Step::Rejected.word(), &group.rejected),
                    share("other", &group.other),
                ],
            }
        };
        let shares = "Shares of all that were handed over, with 95\u{a0}% intervals";
        Table {
            title: "Taken up and rejected".to_owned(),
            note: match order {
                "" => shares.to_owned(),
                order => format!("{shares}. {order}"),
            },
            first: "Group",
            columns: vec![
                "Leads",
                "Taken up",
                "Accepted",
                "Rejected",
                "\u{201c}Other\u{201d} of the reasons",
            ],
            rows: groups.iter().map(line).collect(),
        }
    }

    pub(super) fn reasons_of(
        &self,
        group: &Group,
        name: String,
        way: impl Fn(&str, &Group) -> String,
    ) -> Table {
        let note = group.note(self.by);
        let line = |reason: &Reason| {
            let told = |what: &str, part: &Part| Said {
                href: way(&format!("{what}-{}-{}", reason.end, reason.reason), group),
                ..Said::share(part.rate())
            };
            Line {
                name: reason.reason.clone(),
                badge: "",
                is_faint: !note.is_empty(),
                cells: vec![
                    Said::with(reason.end.label(), reason.class.clone()),
                    told("reason", &reason.share),
                    told("older", &reason.older),
                    told("newer", &reason.newer),
                    Said::plain(match note {
                        "" => reason.trend().to_owned(),
                        note => note.to_lowercase(),
                    }),
                ],
            }
        };
        let about = "The most frequent first; halves and trend within 14 days of the hand-over";
        Table {
            title: format!("Reasons: {name}"),
            note: match note {
                "Maturing" => format!("Maturing: nothing is concluded yet. {about}"),
                _ => about.to_owned(),
            },
            first: "Reason",
            columns: vec!["End", "Share of all", "Older half", "Newer half", "Trend"],
            rows: group.reasons.iter().map(line).collect(),
        }
    }
}

pub(super) fn picture(group: &Group) -> Bars {
    const MOST: usize = 8;
    let row = |reason: &Reason| {
        let rate = reason.share.rate();
        let figure = page::counted(rate);
        let label = format!("{}: {}", reason.end.label(), reason.reason);
        let share = rate.share().unwrap_or(0.0);
        bars::Row::share(label, figure, share, rate.interval(), Fill::Plain)
    };
    Bars {
        label: "Why hand-overs ended".to_owned(),
        about: "A bar for each reason as its share of all hand-overs, with its likely range; the tables below have the \
                same figures."
            .to_owned(),
        rows: group.reasons.iter().take(MOST).map(row).collect(),
    }
}
