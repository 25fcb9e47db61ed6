//! The pages of the target ledger: who is to do how much, set from when, by whom and why.

mod cell;
mod copy;
mod fields;
mod list;
mod matrix;
mod ramp;
mod save;
mod score;
mod seen;
mod suggested;

pub use cell::page as cell_page;
pub use copy::create as copy;
pub use list::{create, index};
pub use matrix::index as matrix_page;
pub use ramp::{create as create_ramp, form as ramp_form};
pub use save::create as save_matrix;
pub use score::{index as score_page, update as update_score};

use crate::app::Cx;
use crate::error::Result;
use crate::page::{Link, Toast};
use crate::rules::access::{LOGGERS, MANAGERS, Me, READERS};
use crate::shared_goals::{self, GoalView};

/// The pages beside each other, as far as they are the reader's.
fn tabs(me: &Me, here: &str) -> Vec<Link> {
    let all = [
        ("/targets", "In force", LOGGERS),
        ("/targets/matrix", "Matrix", MANAGERS),
        ("/targets/ramp", "Ramp", MANAGERS),
        ("/targets/score", "Score", LOGGERS),
        ("/shared-goals", "Shared goals", READERS),
    ];
    let open = all.into_iter().filter(|(.., who)| who.allows(me.role));
    let link = |(href, label, _): (&str, &str, _)| Link {
        href: href.to_owned(),
        label: label.to_owned(),
        current: href == here,
    };
    open.map(link).collect()
}

/// The goals of sales and marketing that run today, for those who see them.
fn goals_shown(cx: &Cx, me: &Me) -> Result<Vec<GoalView>> {
    if !READERS.allows(me.role) {
        return Ok(Vec::new());
    }
    cx.snapshot(|conn| shared_goals::running(conn, cx))
}

fn toast(text: &str) -> Option<Toast> {
    Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    })
}
