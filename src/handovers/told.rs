//! What hand-overs add up to, in ready words, each with the way to what explains it.

use super::explain::{self, What};
use super::figures::{GroupRow, Totals, rating_words};
use super::filter::Came;
use crate::form::Form;
use crate::page;
use crate::style;
use crate::talk::Reply;

/// A total, and what explains it.
pub struct Tile {
    pub label: &'static str,
    pub value: String,
    pub sub: String,
    pub href: String,
}

/// A figure, what it is of, and what explains it.
#[derive(Default)]
pub struct Told {
    pub label: &'static str,
    pub value: String,
    pub href: String,
}

/// One group of hand-overs.
pub struct GroupView {
    pub title: String,
    /// The hand-overs of the group; empty where no filter can name it.
    pub href: String,
    pub cells: Vec<Told>,
}

pub fn tiles(form: &Form, totals: &Totals) -> Vec<Tile> {
    let disputed = totals.rejections.disputed_share();
    let tile = |came: Came, count: u64| Tile {
        label: came.label(),
        value: style::count(count),
        sub: String::new(),
        href: explain::address(form, What::Came(came), ""),
    };
    vec![
        Tile {
            sub: "wait for a first attempt".to_owned(),
            ..tile(Came::Untouched, totals.untouched)
        },
        tile(Came::TakenUp, totals.taken_up),
        tile(Came::Rejected, totals.rejections.rejected),
        Tile {
            label: "Disputed of rejected",
            value: page::share(disputed),
            sub: page::rests_on(disputed),
            href: explain::address(form, What::Disputed, ""),
        },
        tile(Came::Reached, totals.contacted),
        tile(Came::Won, totals.won),
    ]
}

pub fn rating(form: &Form, totals: &Totals) -> Told {
    Told {
        label: "Average rating",
        value: rating_words(&totals.rating),
        href: explain::address(form, What::Rating, ""),
    }
}

/// What came of the disputes, and of the other rejections; nothing where none was rejected.
pub fn replies(form: &Form, totals: &Totals) -> (Vec<Told>, Vec<Told>) {
    let tally = &totals.rejections;
    if tally.rejected == 0 {
        return (Vec::new(), Vec::new());
    }
    let told = |label, what: What, count: u64| Told {
        label,
        value: style::count(count),
        href: explain::address(form, what, ""),
    };
    let disputes = vec![
        told("open", What::Open, tally.open),
        told(
            "where the rejection stands",
            What::Replied(Reply::Upheld),
            tally.upheld,
        ),
        told(
            "withdrawn",
            What::Replied(Reply::Withdrawn),
            tally.withdrawn,
        ),
    ];
    let answers = vec![
        told("agreed", What::Replied(Reply::Agreed), tally.agreed),
        told("not answered", What::Unanswered, tally.unanswered),
    ];
    (disputes, answers)
}

pub fn group_view(form: &Form, group: &GroupRow) -> GroupView {
    let title = group.title().to_owned();
    let totals = &group.totals;
    let count = |label, what: What, count: u64| Told {
        label,
        value: style::count(count),
        href: explain::address(form, what, &title),
    };
    let cells = vec![
        count("n", What::All, totals.n),
        count(
            Came::Untouched.label(),
            What::Came(Came::Untouched),
            totals.untouched,
        ),
        count(
            Came::TakenUp.label(),
            What::Came(Came::TakenUp),
            totals.taken_up,
        ),
        count(
            Came::Rejected.label(),
            What::Came(Came::Rejected),
            totals.rejections.rejected,
        ),
        count(
            Came::Disputed.label(),
            What::Came(Came::Disputed),
            totals.rejections.disputed,
        ),
        count(
            Came::Reached.label(),
            What::Came(Came::Reached),
            totals.contacted,
        ),
        count(Came::Won.label(), What::Came(Came::Won), totals.won),
        Told {
            label: "Average rating",
            value: group.rating_words(),
            href: explain::address(form, What::Rating, &title),
        },
    ];
    GroupView {
        href: match totals.n {
            0 => String::new(),
            _ => group.href.clone(),
        },
        cells,
        title,
    }
}
