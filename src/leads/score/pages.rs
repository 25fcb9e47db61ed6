//! The page of the lead score: the rules, what a change would do, and every version there was.

use super::fields::{self, FitRow, KindRow};
use super::preview::{BANDS, Change, Preview};
use super::words::{self, fit_words, signed};
use super::{RuleSet, Saved, chart, store};
use crate::app::Cx;
use crate::charts::Plot;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::leads::{self, signals};
use crate::page::{self, Answer, DASH, Frame, Link, Toast};
use crate::people::Directory;
use crate::rules::access::{MARKETERS, Me, READERS};
use crate::rules::lead_score::{Rules, decayed};
use crate::style;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

/// So many versions are told, the newest first.
const VERSIONS: i64 = 10;

#[derive(Template)]
#[template(path = "leads/score.html")]
struct ScorePage {
    frame: Frame,
    tabs: Vec<Link>,
    form: Form,
    can_set: bool,
    /// The version that holds, 0 for none: a form carries it.
    seen: i32,
    line: String,
    fit: Vec<RuleView>,
    behaviour: Vec<RuleView>,
    fit_rows: Vec<FitRow>,
    kind_rows: Vec<KindRow>,
    preview: Option<PreviewView>,
    history: Vec<VersionView>,
}

struct RuleView {
    text: String,
    points: String,
    /// Of behaviour: what is left after two and four weeks.
    later: [String; 2],
}

struct VersionView {
    title: String,
    by: String,
    why: String,
    added: Vec<String>,
    removed: Vec<String>,
}

struct PreviewView {
    leads: String,
    changed: String,
    above: String,
    up: String,
    down: String,
    plot: Plot,
    bands: Vec<(String, String, String)>,
    largest: Vec<ChangeView>,
}

struct ChangeView {
    /// Empty for a lead that the reader may not see.
    uid: String,
    name: String,
    before: String,
    after: String,
    place: String,
}

/// The pages beside each other, as far as they are the reader's.
pub fn tabs(me: &Me, here: &str) -> Vec<Link> {
    let all = [
        ("/lead-score", "Rules", true),
        ("/lead-score/signals", "Signals", true),
        (
            "/leads/ready",
            "Ready to hand over",
            MARKETERS.allows(me.role),
        ),
    ];
    let open = all.into_iter().filter(|(.., is_open)| *is_open);
    let link = |(href, label, _): (&str, &str, bool)| Link {
        href: href.to_owned(),
        label: label.to_owned(),
        current: href == here,
    };
    open.map(link).collect()
}

/// `?format=csv` for the rules that hold as a file.
pub fn index(cx: &Cx) -> Answer {
    if cx.query().value("format") == "csv" {
        return page::csv_file("lead-score", cx.snapshot(rules_csv)?);
    }
    let mut page = cx.snapshot(|conn| score_page(cx, conn, None, None))?;
    if cx.query().value("done") == "saved" {
        page.frame = page.frame.with_toast(Some(Toast {
            text: "Saved: all scores are up to date.".to_owned(),
            undo_href: None,
        }));
    }
    page::show(&page)
}

/// Shows what the rules would do, or saves them.
pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let kinds = cx.read(signals::store::kinds)?;
    let rules = fields::read(&mut form, &kinds);
    let is_saving = form.value("do") == "save";
    let why = match is_saving {
        true => form.required("why", 300, "why the rules change"),
        false => form.text("why", 300),
    };
    let (Some(rules), Some(why)) = (rules, why) else {
        return page::again(&cx.snapshot(|conn| score_page(cx, conn, Some(form), None))?);
    };
    if !is_saving {
        return page::show(&cx.snapshot(|conn| score_page(cx, conn, Some(form), Some(&rules)))?);
    }
    let seen = form.value("seen").parse().unwrap_or(-1);
    let news = match cx.write_alone(|tx| super::save(tx, &rules, &why, seen)) {
        Ok(Saved::Stored) => return page::go_to("/lead-score?done=saved"),
        Ok(Saved::Newer(news)) => news,
        // Both had seen the same version, and saved at the same moment.
        Err(Error::Conflict(_)) => {
            "Somebody saved another version at the same moment. What you entered is below: compare it with the history, \
             then save again if it is still right."
                .to_owned()
        }
        Err(Error::Refused(why)) => {
            form.refuse("line", why);
            return page::again(&cx.snapshot(|conn| score_page(cx, conn, Some(form), None))?);
        }
        Err(error) => return Err(error),
    };
    let mut page = cx.snapshot(|conn| score_page(cx, conn, Some(form), Some(&rules)))?;
    page.frame.notice = Some(news);
    page::with_status(409, &page)
}

fn score_page(
    cx: &Cx,
    conn: &mut Conn,
    form: Option<Form>,
    wanted: Option<&Rules>,
) -> Result<ScorePage> {
    let me = cx.me()?;
    let sets = store::sets(conn, VERSIONS + 1)?;
    let current = sets.first();
    let rules = current.map(|set| &set.rules);
    let names = words::kind_names(conn)?;
    let kinds = signals::store::kinds(conn)?;
    let directory: Arc<Directory> = cx.kept.get(conn)?;
    let mut form = form.unwrap_or_else(|| fields::filled(rules));
    form.set_default("line", "50");
    let preview = match wanted {
        Some(rules) => {
            let found = super::preview(conn, rules, cx.now)?;
            Some(preview_view(cx, conn, &found, rules.line)?)
        }
        None => None,
    };
    let fit = rules.map_or(&[][..], |rules| &rules.fit).iter();
    let behaviour = rules.map_or(&[][..], |rules| &rules.behaviour).iter();
    Ok(ScorePage {
        frame: Frame::new(cx, "Lead score"),
        tabs: tabs(me, "/lead-score"),
        can_set: READERS.allows(me.role),
        seen: current.map_or(0, |set| set.version),
        line: rules
            .map(|rules| page::amount(rules.line))
            .unwrap_or_default(),
        fit: fit
            .map(|rule| rule_view(fit_words(rule), rule.points))
            .collect(),
        behaviour: behaviour
            .map(|rule| {
                rule_view(
                    names.get(&rule.kind_id).cloned().unwrap_or_default(),
                    rule.points,
                )
            })
            .collect(),
        fit_rows: fields::fit_rows(&form),
        kind_rows: fields::kind_rows(&form, &kinds),
        preview,
        history: history(cx, &sets, &names, &directory),
        form,
    })
}

fn rules_csv(conn: &mut Conn) -> Result<String> {
    let names = words::kind_names(conn)?;
    let current = store::current(conn)?.map(|set| set.rules);
    let rules = current.unwrap_or_default();
    let fit = rules.fit.iter();
    let fit = fit.map(|rule| ("fit", fit_words(rule), rule.points));
    let behaviour = rules.behaviour.iter().map(|rule| {
        let name = names.get(&rule.kind_id).cloned();
        ("behaviour", name.unwrap_or_default(), rule.points)
    });
    let rows = fit.chain(behaviour).map(|(part, rule, points)| {
        vec![
            Cell::from(part),
            Cell::from(rule),
            Cell::number(Some(points)),
        ]
    });
    csv_out::table(&["part", "rule", "points"], rows)
}

fn rule_view(text: String, points: f64) -> RuleView {
    RuleView {
        text,
        points: signed(points),
        later: [14.0, 28.0].map(|days| signed(decayed(points, days))),
    }
}

/// Each version with what it changed of the one before.
fn history(
    cx: &Cx,
    sets: &[RuleSet],
    names: &HashMap<i64, String>,
    directory: &Directory,
) -> Vec<VersionView> {
    let view = |(index, set): (usize, &RuleSet)| {
        let now = words::lines(&set.rules, names);
        let before = sets.get(index + 1);
        let before = before.map_or(Vec::new(), |set| words::lines(&set.rules, names));
        let only = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter()
                .filter(|line| !other.contains(line))
                .cloned()
                .collect()
        };
        VersionView {
            title: format!("Version {}", set.version),
            by: [directory.name(set.by_id), &page::time(set.at, cx.zone())]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            why: set.why.clone(),
            added: only(&now, &before),
            removed: only(&before, &now),
        }
    };
    let shown = sets.iter().enumerate().take(VERSIONS as usize);
    shown.map(view).collect()
}

fn preview_view(cx: &Cx, conn: &mut Conn, found: &Preview, line: f64) -> Result<PreviewView> {
    let count = |many: usize| style::count(many as i64);
    let ids: Vec<i64> = found.largest.iter().map(|change| change.lead_id).collect();
    let seen = leads::store::visible_by_ids(conn, cx.me()?, &ids)?;
    let change = |change: &Change| {
        let lead = seen.iter().find(|lead| lead.id == change.lead_id);
        ChangeView {
            uid: lead.map(|lead| lead.uid.clone()).unwrap_or_default(),
            name: lead
                .map_or("A lead of another team", |lead| lead.title_name())
                .to_owned(),
            before: points(change.before),
            after: points(change.after),
            place: format!(
                "{} to {}",
                count(change.place_before),
                count(change.place_after)
            ),
        }
    };
    let band = |band: usize| {
        let from = band * (100 / BANDS);
        let to = if band + 1 == BANDS { 100 } else { from + 9 };
        let name = format!("{from} to {to}");
        (name, count(found.before[band]), count(found.after[band]))
    };
    Ok(PreviewView {
        leads: count(found.leads),
        changed: count(found.changed),
        above: count(found.above),
        up: count(found.up.len()),
        down: count(found.down.len()),
        plot: chart::histogram(found, line),
        bands: (0..BANDS).map(band).collect(),
        largest: found.largest.iter().map(change).collect(),
    })
}

/// A score to a tenth of a point; a dash of none.
pub fn points(score: Option<f64>) -> String {
    score.map_or(DASH.to_owned(), super::points)
}
