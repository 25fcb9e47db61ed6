//! Every page that somebody can reach by its links is whole, and leads on to pages that are there.

use crate::definitions::{agree, draft};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Client, Page, Tag, World, terms};
use chrono::NaiveDate;
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use touchline::handover::Terms;
use touchline::people::{self, NewPerson};
use touchline::routes::{Route, TABLE};
use touchline::rules::access::{Gate, Role};
use touchline::territories::{self, NewRule};

/// Pages of one path that differ in their query only: so many are looked at.
const MOST_ALIKE: usize = 8;

/// The browser itself asks for two of these; techniques have figures after leads were followed for 30 days, and a sign
/// of the watch-list takes a burst: both have stories of their own.
const ELSEWHERE: [&str; 4] = [
    "/manifest.webmanifest",
    "/sw.js",
    "/techniques/explain",
    "/watch-list/explain",
];

#[rstest]
#[case::a_rep("ana")]
#[case::a_manager("max")]
#[case::a_marketer("mark")]
#[case::an_admin("ada")]
fn every_link_leads_to_a_whole_page(
    #[case] name: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lived_in(database);
    let role = world.person(name).role;
    let mut faults = Vec::new();
    let mut starts = vec!["/".to_owned()];
    if role == Role::Admin {
        starts.push(world.upload());
    }
    let seen = walk_from(&world.as_(name), starts, |page, from| {
        let path = &page.path;
        match page.status {
            303 => {}
            200 if page.header("content-type").starts_with("text/html") => {
                let here = wholeness(page).into_iter().chain(dead_forms(page, role));
                let here = here.chain(no_file(page));
                faults.extend(here.map(|fault| format!("{path}: {fault}")));
            }
            200 => {}
            status => faults.push(format!("{path}, linked from {from}, answers {status}")),
        }
    });
    for path in places(role) {
        if ELSEWHERE.contains(&path) {
            continue;
        }
        let is_reached = seen.iter().any(|link| matches(path, bare(link)));
        if !is_reached {
            faults.push(format!("no link leads to {path}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Follows every link of somebody from the start on; `visit` is given each page, and where its link stood.
pub fn walk(browser: &Client, visit: impl FnMut(&Page, &str)) -> HashSet<String> {
    walk_from(browser, vec!["/".to_owned()], visit)
}

fn walk_from(
    browser: &Client,
    starts: Vec<String>,
    mut visit: impl FnMut(&Page, &str),
) -> HashSet<String> {
    let mut seen = HashSet::new();
    let mut alike: HashMap<String, usize> = HashMap::new();
    let starts = starts
        .into_iter()
        .map(|start| (start, "nowhere".to_owned()));
    let mut ahead: VecDeque<_> = starts.collect();
    while let Some((path, from)) = ahead.pop_front() {
        let page = browser.get(&path);
        visit(&page, &from);
        let next = page.links().into_iter();
        let next = next.chain((page.status == 303).then(|| page.location.clone()));
        for link in next.filter(|link| !link.starts_with("/static/")) {
            let count = alike.entry(kind_of(bare(&link))).or_default();
            if *count < MOST_ALIKE && seen.insert(link.clone()) {
                *count += 1;
                ahead.push_back((link, path.clone()));
            }
        }
    }
    seen
}

/// One page of each kind that a browser can reach from the start on, after its kind.
pub fn one_of_each_kind(browser: &Client) -> BTreeMap<String, String> {
    let mut kinds = BTreeMap::new();
    walk(browser, |page, _| {
        if page.status == 200 && page.header("content-type").starts_with("text/html") {
            kinds
                .entry(kind_of(bare(&page.path)))
                .or_insert_with(|| page.path.clone());
        }
    });
    kinds
}

/// The pages that a role may open once they are signed in.
fn places(role: Role) -> impl Iterator<Item = &'static str> {
    TABLE
        .iter()
        .filter(move |route| route.method == "GET" && is_open(route, role))
        .map(|route| route.path)
        .filter(|path| {
            ![
                "/",
                "/sign-in",
                "/sign-in/code",
                "/welcome/{token}",
                "/wall/{token}",
                "/import/{uid}",
            ]
            .contains(path)
        })
        // Programs open these, which know them.
        .filter(|path| !path.starts_with("/api/"))
}

fn is_open(route: &Route, role: Role) -> bool {
    route.who.gate(Some(role), true) == Gate::Open
}

/// The path without the query.
fn bare(link: &str) -> &str {
    link.split('?').next().unwrap_or_default()
}

/// The path with a star for what names one of many.
fn kind_of(path: &str) -> String {
    let star = |part| match part {
        part if str::len(part) == 36 || part.parse::<i64>().is_ok() => "*",
        part => part,
    };
    path.split('/').map(star).collect::<Vec<_>>().join("/")
}

/// What is wrong with a page by itself.
fn wholeness(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    let title = page.title();
    if title.split(" · ").next().is_none_or(str::is_empty) {
        faults.push(format!("no title: {title:?}"));
    }
    let tags = page.tags();
    for name in ["h1", "main"] {
        let count = tags.iter().filter(|tag| tag.name == name).count();
        if count != 1 {
            faults.push(format!("{count} × {name}"));
        }
    }
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attr("id")) {
        if !ids.insert(id) {
            faults.push(format!("the id {id} comes twice"));
        }
    }
    for tag in &tags {
        for attr in ["for", "aria-describedby", "popovertarget", "form"] {
            let named = tag.attr(attr).unwrap_or_default().split_whitespace();
            let missing = named.filter(|id| !ids.contains(id));
            faults.extend(missing.map(|id| format!("{attr}={id} names nothing")));
        }
        if tag.attr("style").is_some() {
            faults.push(format!("a style in {}", tag.name));
        }
        if tag.name == "a" && tag.attr("href") == Some("") {
            faults.push("a link to nowhere".to_owned());
        }
    }
    let text = page.text();
    let slips = ["NaN", "{{", "}}", "Some(", "&amp;"].into_iter();
    let slips = slips.filter(|slip| text.contains(slip));
    faults.extend(slips.map(|slip| format!("it says {slip}: {text}")));
    faults
}

/// The forms that go to no row of the route table that this role may use.
fn dead_forms(page: &Page, role: Role) -> Vec<String> {
    let mut faults = Vec::new();
    for form in page.tags().iter().filter(|tag| tag.name == "form") {
        let method = form.attr("method").unwrap_or("get").to_uppercase();
        let action = action(form, page);
        let route = TABLE
            .iter()
            .find(|route| route.method.as_str() == method && matches(route.path, &action));
        if !route.is_some_and(|route| is_open(route, role)) {
            faults.push(format!(
                "a form goes to {method} {action}, which is not there for {role}"
            ));
        }
    }
    faults
}

/// Pages whose tables are forms or trials of what is not kept, or tell of settings, files and the house.
const NOT_FILED: [&str; 7] = [
    "/design",
    "/import",
    "/people/{uid}/leads",
    "/sign-in-rules",
    "/targets/ramp",
    "/territories/try",
    "/wall/{token}",
];

/// A table that nobody can take away as a file.
fn no_file(page: &Page) -> Option<String> {
    let is_filed = page.links().iter().any(|link| link.contains("format=csv"));
    let path = bare(&page.path);
    let is_excused = NOT_FILED.iter().any(|excused| matches(excused, path));
    let has_table = page.tags().iter().any(|tag| tag.name == "table");
    (has_table && !is_filed && !is_excused).then(|| "its table is no file".to_owned())
}

fn action(form: &Tag, page: &Page) -> String {
    let action = form.attr("action").unwrap_or(&page.path);
    action
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(path)
            .all(|(wanted, part)| wanted.starts_with('{') || *wanted == part)
}

/// A fortnight of the cast's work: something stands on every page.
pub fn lived_in(database: Database) -> World {
    let world = World::new(database);
    agree(&world, |content| {
        content.stages = "Agreed <twice>".to_owned();
    });
    draft(&world, |content| {
        content.stages = "Agreed, & again".to_owned();
    });
    let spring = Terms {
        campaign: "Spring fair".to_owned(),
        source: "Web form".to_owned(),
        territory: "North".to_owned(),
        asset: "Price list".to_owned(),
        score: Some(80.0),
        note: "Asked for a call <today>".to_owned(),
        ..terms()
    };
    world.at("2026-02-18T08:30:00Z");
    let reached = world.lead("Acme & Sons", "ana");
    let missed = world.lead("Birch <Ltd>", "ana");
    let others = world.lead("Cedar", "sue");
    for name in ["Dahlia", "Elm", "Fern"] {
        world.lead_on(name, &spring);
    }
    world.at("2026-02-18T10:00:00Z");
    world.log("ana", "Call", "Interested", Some(&reached));
    world.log("ana", "Call", "No answer", Some(&missed));
    world.log("sue", "E-mail", "Sent", Some(&others));
    world.at("2026-02-25T10:00:00Z");
    world.log("ana", "Call", "Meeting booked", Some(&reached));
    world.log("ben", "Visit", "Nobody there", None);
    world.target("max", "ana", "activities", 20);
    world.target("ada", "max", "activities", 3);
    world.target("ada", "ada", "activities", 2);
    world.at("2026-03-04T09:30:00Z");
    crate::shared_goals::make(&world, "mark", "Spring", &[]).is(303);
    world.log("ana", "Call", "Left voicemail", Some(&missed));
    world.log("max", "Social touch", "Message sent", None);
    world.log("ada", "Call", "Gatekeeper", None);
    world.lead("Gorse", "ana");
    shared_out(&world);
    talked_about(&world);
    crate::lead_score::set_rules(&world, 50.0);
    world.as_("max").post("/monday", &[]).is(303);
    crate::lead_score::in_nurture(&world, "Heather & Co", "Germany");
    crate::signals::note(&world, "mark", &reached, "Visited prices", "<twice>");
    world
}

/// A rule of territories, and a lead of somebody of team North who has left.
fn shared_out(world: &World) {
    let north = world.team("North");
    let leaver = world.write(|tx| {
        let rule = NewRule {
            territory_id: territories::add_territory(tx, "East")?,
            ..NewRule::default()
        };
        territories::add_rule(tx, &rule)?;
        let newcomer = NewPerson {
            email: "lea@example.com".to_owned(),
            name: "Lea Lang".to_owned(),
            role: Role::Rep,
            time_zone: None,
            password_hash: None,
        };
        let id = people::add(tx, newcomer)?;
        let since = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        people::join(tx, id, north, since, false)?;
        Ok(id)
    });
    world.lead("Heather", "lea");
    let today = NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    world.write(|tx| people::part(tx, leaver, today));
}

/// Two rejections, one of them disputed, a question and a rating.
fn talked_about(world: &World) {
    let ana = world.as_("ana");
    for name in ["Hazel", "Iris"] {
        let uid = world.lead(name, "ana");
        let form = ana.get(&format!("/leads/{uid}?do=rejected"));
        let reason = [("reason", "Wrong role")];
        form.submit(&format!("/leads/{uid}/events"), &reason)
            .is(303);
        if name == "Iris" {
            let page = world.as_("mark").get(&format!("/leads/{uid}"));
            let event = page.field("event").expect("a rejection to answer");
            let dispute = [
                ("event", event.as_str()),
                ("reply", "disputed"),
                ("text", "She buys."),
            ];
            world
                .as_("mark")
                .post(&format!("/leads/{uid}/answer"), &dispute)
                .is(303);
        }
    }
    let uid = world.lead("Juniper", "ana");
    let form = ana.get(&format!("/leads/{uid}?say=ask"));
    let question = [("text", "Is it <her> budget?")];
    form.submit(&format!("/leads/{uid}/questions"), &question)
        .is(303);
    ana.post(&format!("/leads/{uid}/rating"), &[("stars", "4")])
        .is(303);
}
