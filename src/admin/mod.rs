//! The admin's index: everything that is set up, kept or looked after, on one page.

use crate::app::Cx;
use crate::error::Result;
use crate::keeping::nightly;
use crate::lists::{List, Lists};
use crate::page::{self, Answer, Frame};
use crate::people::{Directory, links};
use askama::Template;
use std::sync::Arc;

pub mod retention;
pub mod stages;

#[derive(Template)]
#[template(path = "admin/index.html")]
struct AdminPage {
    frame: Frame,
    groups: Vec<Group>,
}

struct Group {
    title: &'static str,
    places: Vec<Place>,
}

struct Place {
    href: &'static str,
    icon: &'static str,
    label: &'static str,
    about: &'static str,
    /// How it stands now; empty where there is nothing to say.
    state: String,
}

fn place(
    href: &'static str,
    icon: &'static str,
    label: &'static str,
    about: &'static str,
    state: impl Into<String>,
) -> Place {
    Place {
        href,
        icon,
        label,
        about,
        state: state.into(),
    }
}

/// What the index says of how things stand.
struct Known {
    directory: Arc<Directory>,
    lists: Arc<Lists>,
    open_links: usize,
}

pub fn index(cx: &Cx) -> Answer {
    let known = Known {
        directory: cx.reference()?,
        lists: cx.reference()?,
        open_links: cx.read(|conn| links::store::open(conn, cx.now))?.len(),
    };
    page::show(&AdminPage {
        frame: Frame::new(cx, "Admin"),
        groups: vec![people(&known), work(cx), lists(&known), leads(), data(cx)?],
    })
}

fn people(known: &Known) -> Group {
    let here = known.directory.people.iter();
    let here = here.filter(|person| person.left_on.is_none()).count();
    let links = match known.open_links {
        0 => String::new(),
        1 => ", 1 open link".to_owned(),
        many => format!(", {many} open links"),
    };
    let asked = &known.directory.workspace.second_factor_roles;
    let asked: Vec<&str> = asked.iter().map(|role| role.label()).collect();
    Group {
        title: "People",
        places: vec![
            place(
                "/people",
                "people",
                "People and teams",
                "Invite, change roles and teams by date, mark leavers, erase.",
                format!(
                    "{here} people, {} teams{links}",
                    known.directory.teams.len()
                ),
            ),
            place(
                "/sign-in-rules",
                "keys",
                "Second factor by role",
                "Who must type a code besides the password.",
                match asked.is_empty() {
                    true => "Asked of nobody".to_owned(),
                    false => format!("Asked of {}", asked.join(", ")),
                },
            ),
        ],
    }
}

fn work(cx: &Cx) -> Group {
    let workspace = &cx.workspace;
    Group {
        title: "Workspace",
        places: vec![
            place(
                "/workspace",
                "workspace",
                "Workspace",
                "Its name and zone, and how numbers and days are written.",
                format!("{}, {}", workspace.name, workspace.zone.name()),
            ),
            place(
                "/calendar",
                "clock",
                "Working hours and holidays",
                "Of the workspace, of a team, of a person, by date.",
                "",
            ),
            place(
                "/time-off",
                "card",
                "Time off",
                "Days on which somebody is away.",
                "",
            ),
            place(
                "/targets/score",
                "targets",
                "Weights of the score",
                "What each kind of activity is worth on boards.",
                "",
            ),
        ],
    }
}

fn lists(known: &Known) -> Group {
    let kinds = known.lists.kinds.iter();
    let kinds = kinds.filter(|kind| !kind.is_retired).count();
    let first = [
        place(
            "/kinds",
            "log",
            "Kinds and outcomes",
            "What people log, and what may come of it.",
            format!("{kinds} kinds"),
        ),
        place(
            "/reasons",
            "flag",
            "Reasons",
            "Why leads are rejected, disqualified, lost or won.",
            "",
        ),
    ];
    let last = place(
        "/stages",
        "leads",
        "Names of stages",
        "What a stage is called here; its meaning is fixed.",
        "",
    );
    let labels = LABELS.iter().map(|(list, href, icon)| {
        let labels = known.lists.labels_of(*list);
        let count = labels.filter(|label| !label.is_retired).count();
        place(href, icon, list.label(), list.about(), count.to_string())
    });
    Group {
        title: "Lists",
        places: first.into_iter().chain(labels).chain([last]).collect(),
    }
}

/// The lists of names, where each is kept, and its picture.
const LABELS: [(List, &str, &str); 4] = [
    (List::Source, "/lists/source", "import"),
    (List::Campaign, "/lists/campaign", "speed"),
    (List::Asset, "/lists/asset", "research"),
    (List::Territory, "/lists/territory", "visit"),
];

fn leads() -> Group {
    Group {
        title: "Hand-over",
        places: vec![
            place(
                "/territories",
                "flag",
                "Territory rules and rotas",
                "Which lead belongs where, and whose turn it is.",
                "",
            ),
            place(
                "/lead-score",
                "targets",
                "Lead score",
                "Its rules and its line.",
                "",
            ),
            place(
                "/lead-score/signals",
                "speed",
                "Signals",
                "What may be known of a lead.",
                "",
            ),
            place(
                "/definitions",
                "handover",
                "Definitions and heads",
                "What words mean, what each side promises, and who signs.",
                "",
            ),
        ],
    }
}

fn data(cx: &Cx) -> Result<Group> {
    let kept = retention::shown(cx)?;
    Ok(Group {
        title: "Data",
        places: vec![
            place(
                "/record",
                "log",
                "Record",
                "Who changed what, when and from where.",
                "",
            ),
            place(
                "/record?subject=database",
                "download",
                "Backup",
                "A copy of everything each night, and what became of it.",
                nightly::shown(cx)?,
            ),
            place(
                "/retention",
                "delete",
                "Data retention",
                "How long notices, uploads and addresses are kept.",
                kept,
            ),
            place(
                "/import",
                "import",
                "Import",
                "CSV files, checked before they are written.",
                "",
            ),
            place(
                "/design",
                "settings",
                "Design",
                "Every part of the pages in every state.",
                "",
            ),
        ],
    })
}
