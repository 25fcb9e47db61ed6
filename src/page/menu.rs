//! The menu: the places of PRODUCT.md 8, and which of them are whose.

use crate::rules::access::{self, Access, Me, Role};

pub struct NavItem {
    pub href: &'static str,
    pub label: &'static str,
    /// As the phone's bottom bar has room for.
    pub short: &'static str,
    pub icon: &'static str,
    /// The key that leads there at a desk; most have none.
    pub key: &'static str,
    /// What the places from here on are about; most go on with what the one before says.
    pub heading: &'static str,
    pub current: bool,
    /// Whether it stands in the phone's bottom bar.
    pub primary: bool,
    /// How much is new there; empty for nothing.
    pub news: String,
}

/// Address, label, icon, in the phone's bottom bar, who may go there.
type Place = (&'static str, &'static str, &'static str, bool, Access);

/// The places of PRODUCT.md 8 under what they are about; a day's work has no heading.
#[rustfmt::skip]
const MENU: &[(&str, &[Place])] = &[
    ("", &[
        ("/today", "Today", "today", true, access::LOGGERS),
        ("/leads", "Leads", "leads", true, access::PEOPLE),
        ("/log", "Log", "log", true, access::LOGGERS),
        ("/team", "Team", "team", true, access::LOGGERS),
        ("/hand-overs", "Hand-overs", "handover", false, access::PEOPLE),
        (INBOX, "Inbox", "inbox", false, access::PEOPLE),
        ("/search", "Search", "search", false, access::PEOPLE),
    ]),
    ("Habit", &[
        ("/card", "Gym card", "card", false, access::LOGGERS),
        ("/planner", "Planner", "plan", false, access::LOGGERS),
        ("/targets", "Targets", "targets", false, access::LOGGERS),
        ("/time-off", "Time off", "clock", false, access::LOGGERS),
    ]),
    ("Hand-over", &[
        ("/territories", "Territories", "flag", false, access::MANAGERS),
        ("/service-levels", "Service levels", "clock", false, access::READERS),
        ("/lead-score", "Lead score", "targets", false, access::PEOPLE),
        ("/definitions", "Definitions", "handover", false, access::PEOPLE),
    ]),
    ("Numbers", &[
        ("/monday", "Monday pack", "handover", false, access::PEOPLE),
        ("/habits", "Team habit", "habit", false, access::MANAGERS),
        ("/watch-list", "Watch-list", "info", false, access::MANAGERS),
        ("/follow-up", "Follow-up speed", "speed", false, access::READERS),
        ("/outcomes", "Outcomes", "outcomes", false, access::READERS),
        ("/techniques", "Techniques", "research", false, access::LOGGERS),
        ("/shared-goals", "Shared goals", "flag", false, access::READERS),
    ]),
    ("Workspace", &[
        ("/admin", "Admin", "settings", false, access::ADMINS),
        ("/people", "People", "people", false, access::ADMINS),
        ("/calendar", "Working hours", "settings", false, access::ADMINS),
        ("/reasons", "Reasons", "flag", false, access::ADMINS),
        ("/workspace", "Workspace", "workspace", false, access::ADMINS),
        ("/import", "Import", "import", false, access::ADMINS),
        ("/me", "Me", "me", true, access::PEOPLE),
    ]),
];

/// Where a role may go, and which of it is `path`.
pub fn places(me: &Me, path: &str) -> Vec<NavItem> {
    let mut all = Vec::new();
    for (heading, places) in MENU {
        let theirs = places
            .iter()
            .filter(|(.., who)| who.gate(Some(me.role), true) == access::Gate::Open);
        let headings = [*heading].into_iter().chain(std::iter::repeat(""));
        all.extend(theirs.zip(headings).map(|(place, heading)| NavItem {
            heading,
            ..item(me, place, path)
        }));
    }
    all
}

fn item(me: &Me, place: &Place, path: &str) -> NavItem {
    let &(href, label, icon, primary, _) = place;
    let below = path.strip_prefix(href);
    NavItem {
        href,
        label,
        short: if href == "/follow-up" { "Speed" } else { label },
        icon,
        key: match href {
            "/log" => "l",
            "/search" => "/",
            _ => "",
        },
        heading: "",
        // Marketing logs nothing: their bar has what they come for.
        primary: primary || me.role == Role::Marketing && READING.contains(&href),
        current: below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        news: String::new(),
    }
}

/// Where what concerns one waits.
pub const INBOX: &str = "/inbox";

/// In the bottom bar of who reads what became of leads.
const READING: [&str; 3] = ["/hand-overs", "/follow-up", "/outcomes"];

/// Where a role starts: the first place it may go.
pub fn home(me: &Me) -> &'static str {
    places(me, "").first().map_or("/me", |place| place.href)
}
