//! The house keeps its shape: who may use whom, where the database is spoken to, and how long
//! things may get. The tables here are the rules; every exception says why.

mod checks;
pub mod reading;
mod self_tests;

use checks::{Finding, Neighbours, Room, judge};
use reading::{Source, files};

/// From the roof down. A module may use its room's neighbours as said, and every room below.
const ROOMS: &[Room] = &[
    Room {
        name: "shell",
        neighbours: Neighbours::All,
        modules: &[
            "main", "lib", "cli", "api", "routes", "server", "jobs", "demo", "bench",
        ],
    },
    Room {
        name: "packs",
        neighbours: Neighbours::None,
        modules: &["monday"],
    },
    Room {
        name: "views",
        neighbours: Neighbours::None,
        modules: &[
            "admin",
            "record",
            "held",
            "today",
            "team",
            "card",
            "habits",
            "followup",
            "outcomes",
            "service_levels",
            "handovers",
            "planner",
            "techniques",
            "ledger",
            "me",
            "search",
            "setup",
            "device",
            "design",
        ],
    },
    Room {
        name: "nouns",
        neighbours: Neighbours::Later,
        modules: &[
            "keeping",
            "imports",
            "erasure",
            "packs",
            "handover",
            "talk",
            "goals",
            "habit",
            "watch",
            "activities",
            "targets",
            "shared_goals",
            "territories",
            "leads",
            "definitions",
            "inbox",
            "signin",
            "calendar",
            "people",
            "lists",
            "audit",
        ],
    },
    Room {
        name: "kit",
        neighbours: Neighbours::All,
        modules: &[
            "app", "form", "page", "error", "db", "schema", "clock", "config", "assets", "urls",
            "csv_out", "text_out", "charts", "explain", "secret", "kept", "style", "meter",
        ],
    },
    Room {
        name: "rules and values",
        neighbours: Neighbours::Later,
        modules: &["rules", "value"],
    },
];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// Files outside `store.rs`, `schema.rs` and `db/` that may name Diesel, with the reason.
const MAY_USE_DIESEL: &[(&str, &str)] = &[
    (
        "value.rs",
        "A value type says itself how it is stored, so that no store converts it by hand.",
    ),
    (
        "error.rs",
        "What the database says no with becomes our error once, for every store.",
    ),
];

/// Files outside `db/` and `config.rs` that may name a database, with the reason.
const MAY_NAME_A_DATABASE: &[(&str, &str)] = &[(
    "cli/examples.rs",
    "Help shows an address as somebody types it.",
)];

/// Files that may be longer than `FILE_LINES`, with the reason.
const MAY_BE_LONG: &[(&str, &str)] = &[(
    "schema.rs",
    "It lists every table, and Diesel wants all that meet in a query named in one place.",
)];

/// Functions (`file.rs::name`) that may be longer than `FUNCTION_LINES`, with the reason.
const MAY_TAKE_LONG: &[(&str, &str)] = &[];

/// Functions (`file.rs::name`) that may panic, with the reason why they never do on any input.
const MAY_PANIC: &[(&str, &str)] = &[];

/// Templates that may hold a style, with the reason.
const MAY_HOLD_A_STYLE: &[(&str, &str)] = &[(
    "layout.html",
    "page::FADE must be read before anything is drawn; the policy knows that one line by its hash.",
)];

fn source() -> Vec<Source> {
    let sources = files("src", ".rs");
    assert!(!sources.is_empty(), "no source was found to check");
    sources
}

#[track_caller]
fn nothing_to_say(findings: Vec<Finding>, exceptions: &[(&str, &str)]) {
    let complaints = judge(&findings, exceptions);
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn a_module_uses_only_what_stands_below_it() {
    nothing_to_say(checks::imports(&source(), ROOMS), &[]);
}

#[test]
fn only_stores_speak_to_the_database() {
    nothing_to_say(checks::database_access(&source()), MAY_USE_DIESEL);
}

#[test]
fn only_the_database_folder_and_the_settings_name_a_database() {
    nothing_to_say(checks::database_names(&source()), MAY_NAME_A_DATABASE);
}

#[test]
fn no_file_is_too_long_to_read() {
    nothing_to_say(checks::long_files(&source(), FILE_LINES), MAY_BE_LONG);
}

#[test]
fn no_function_is_too_long_to_read() {
    nothing_to_say(
        checks::long_functions(&source(), FUNCTION_LINES),
        MAY_TAKE_LONG,
    );
}

#[test]
fn no_code_panics_outside_tests() {
    nothing_to_say(checks::panics(&source()), MAY_PANIC);
}

#[test]
fn every_template_is_used() {
    let templates = files("templates", ".html");
    nothing_to_say(checks::unused_templates(&templates, &source()), &[]);
}

#[test]
fn templates_hold_no_scripts_and_no_styles() {
    nothing_to_say(
        checks::inline_code(&files("templates", ".html")),
        MAY_HOLD_A_STYLE,
    );
}
