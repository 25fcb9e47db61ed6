//! Search over leads, people and pages: a page of its own, and what the search dialog shows while one types.

use crate::app::Cx;
use crate::error::Result;
use crate::leads::list::Options;
use crate::leads::{self, Lead};
use crate::page::{self, Answer, Frame, NavItem};
use crate::rules::access::{Me, Role};
use crate::urls;
use askama::Template;

const LEADS_SHOWN: i64 = 6;
const PEOPLE_SHOWN: usize = 5;
const Q_MOST: usize = 200;

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    /// What can be looked for: a rep finds no colleagues.
    what: &'static str,
    groups: Vec<Group>,
}

/// What was found of one sort.
struct Group {
    title: &'static str,
    found: Vec<Found>,
}

struct Found {
    href: String,
    icon: &'static str,
    name: String,
    sub: String,
}

/// What fits `q`; without it, the pages.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let q: String = cx.query().value("q").chars().take(Q_MOST).collect();
    let mut groups = Vec::new();
    if !q.is_empty() {
        groups.push(Group {
            title: "People",
            found: people(cx, me, &q)?,
        });
        groups.push(Group {
            title: "Leads",
            found: leads(cx, me, &q)?,
        });
    }
    groups.push(Group {
        title: "Pages",
        found: pages(me, &q),
    });
    groups.retain(|group| !group.found.is_empty());
    page::show(&SearchPage {
        frame: Frame::new(cx, "Search"),
        q,
        what: match me.role {
            Role::Rep => "Leads and pages",
            _ => "Leads, people and pages",
        },
        groups,
    })
}

fn leads(cx: &Cx, me: &Me, q: &str) -> Result<Vec<Found>> {
    let found = cx.read(|conn| leads::store::search(conn, me, q, LEADS_SHOWN))?;
    let row = |lead: Lead| Found {
        href: format!("/leads/{}", lead.uid),
        icon: "leads",
        name: lead.title_name().to_owned(),
        sub: [lead.company.as_str(), crate::style::stage(lead.stage)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    };
    let is_full = found.len() as i64 == LEADS_SHOWN;
    let mut rows: Vec<Found> = found.into_iter().map(row).collect();
    if is_full {
        rows.push(Found {
            href: urls::with_query("/leads", &[("q", q)]),
            icon: "search",
            name: format!("All leads with “{q}”"),
            sub: String::new(),
        });
    }
    Ok(rows)
}

/// Who may be looked up: an admin opens the person, others the leads of that owner.
fn people(cx: &Cx, me: &Me, q: &str) -> Result<Vec<Found>> {
    let options = cx.read(|conn| Options::load(conn, cx.kept, me))?;
    let everybody = match me.role {
        Role::Admin => &options.directory.people,
        _ => &options.owners,
    };
    let fitting = everybody.iter().filter(|person| {
        person.left_on.is_none() && fits(&format!("{} {}", person.name, person.email), q)
    });
    let row = |person: &crate::people::Person| Found {
        href: match me.role {
            Role::Admin => format!("/people/{}", person.uid),
            _ => urls::with_query("/leads", &[("owner", &person.uid)]),
        },
        icon: "me",
        name: person.name.clone(),
        sub: person.role.label().to_owned(),
    };
    Ok(fitting.take(PEOPLE_SHOWN).map(row).collect())
}

fn pages(me: &Me, q: &str) -> Vec<Found> {
    let places = page::places(me, "").into_iter();
    let row = |place: NavItem| Found {
        href: place.href.to_owned(),
        icon: place.icon,
        name: place.label.to_owned(),
        sub: String::new(),
    };
    places
        .filter(|place| place.href != "/search" && fits(place.label, q))
        .map(row)
        .collect()
}

/// Whether each word of `q` begins a word of `text`, large or small.
fn fits(text: &str, q: &str) -> bool {
    let text = text.to_lowercase();
    let q = q.to_lowercase();
    q.split_whitespace().all(|wanted| {
        text.split(|c: char| c.is_whitespace() || "-@.".contains(c))
            .any(|word| word.starts_with(wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn each_word_of_a_search_begins_a_word_of_what_is_found() {
        assert!(fits("Follow-up speed", "speed fol"));
        assert!(fits("Follow-up speed", "UP"));
        assert!(fits("Ana Arndt ana@example.com", "exam"));
        assert!(!fits("Follow-up speed", "ollow"));
        assert!(fits("Today", ""));
    }
}
