//! GET /watch-list for those who lead, and POST /card/word for whoever wrote the log.

use super::{Odd, WORD_MOST, say, watch_list};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page::{self, Answer, Frame};
use crate::rules::rates::Rate;
use askama::Template;

#[derive(Template)]
#[template(path = "watch/page.html")]
struct WatchPage {
    frame: Frame,
    all: Vec<Odd>,
}

pub fn index(cx: &Cx) -> Answer {
    let all = watch_list(cx)?;
    if cx.query().value("format") == "csv" {
        return page::csv_file("watch-list", csv(&all)?);
    }
    page::show(&WatchPage {
        frame: Frame::new(cx, "Watch-list"),
        all,
    })
}

fn csv(all: &[Odd]) -> Result<String> {
    let header = [
        "name",
        "email",
        "sign",
        "days",
        "what",
        "entries",
        "word",
        "said",
        "k",
        "n",
        "share",
        "low",
        "high",
        "team_k",
        "team_n",
        "team_share",
        "team_low",
        "team_high",
        "limit_998_low",
        "limit_998_high",
    ];
    let rows = all.iter().map(|odd| {
        let mut cells = vec![
            Cell::from(odd.person.as_str()),
            Cell::from(odd.email.as_str()),
            Cell::from(odd.sign.word()),
            Cell::from(odd.days.as_str()),
            Cell::from(odd.text.as_str()),
            Cell::count(odd.count as i64),
            Cell::from(odd.word.as_str()),
            Cell::from(odd.said.as_str()),
        ];
        let (own, team) = odd.rates.map(|(own, team, _)| (own, team)).unzip();
        cells.extend([own, team].into_iter().flat_map(rated));
        let (low, high) = odd.rates.map(|(.., limits)| limits).unzip();
        cells.extend([low, high].map(Cell::number));
        cells
    });
    csv_out::table(&header, rows)
}

/// k, n, the share and the ends of its interval, 0 to 1; empty for a sign that is no share.
fn rated(rate: Option<Rate>) -> [Cell; 5] {
    let counts = [rate.map(|rate| rate.k), rate.map(|rate| rate.n)];
    let [k, n] = counts.map(|count| count.map(|count| count as f64));
    let (low, high) = rate.and_then(Rate::interval).unzip();
    [k, n, rate.and_then(Rate::share), low, high].map(Cell::number)
}

/// What one says of something in one's own log.
pub fn create_word(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let read = (
        form.required("sign", 200, "what it is about"),
        form.required("text", WORD_MOST, "a word on it"),
    );
    let (Some(sign), Some(text)) = read else {
        return page::go_to("/card?done=no-word#watch");
    };
    cx.write(|tx| say(tx, &sign, &text))?;
    page::go_to("/card?done=said#watch")
}
