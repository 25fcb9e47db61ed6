//! Who may do what with a lead: every verb, asked by everybody, with nothing changed where it is refused.

use crate::definitions::{draft, name_heads, version};
use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use std::fmt::Write;
use touchline::definitions;
use touchline::leads;
use touchline::lists;
use touchline::people;
use touchline::talk;

/// Each asks about a lead of ana's, who is in max's team. Gone is a rep of that team who has left.
const ASKERS: [&str; 8] = ["ana", "ben", "sue", "max", "mia", "mark", "ada", "gone"];

/// How the lead stands before it is asked about.
#[derive(Clone, Copy, PartialEq)]
enum Ground {
    Fresh,
    Free,
    Contacted,
    Rejected,
    Disputed,
    Lost,
    Asked,
}

use Ground::*;

type Row = (
    &'static str,
    &'static str,
    Ground,
    &'static [(&'static str, &'static str)],
);

/// Name, path after the lead, how it stands, fields. OWN is ana, MATE is ben, EVENT the rejection, REMARK ana's question.
const VERBS: [Row; 27] = [
    ("accept", "/events", Fresh, &[("kind", "accepted")]),
    (
        "reject",
        "/events",
        Fresh,
        &[("kind", "rejected"), ("reason", "Competitor")],
    ),
    (
        "reject, content only",
        "/events",
        Fresh,
        &[
            ("kind", "rejected"),
            ("reason", "Content only, no buying intent"),
            ("to_nurture", "true"),
            ("return_on", "2026-06-01"),
        ],
    ),
    (
        "disqualify",
        "/events",
        Contacted,
        &[("kind", "disqualified"), ("reason", "No need")],
    ),
    (
        "return to nurture",
        "/events",
        Fresh,
        &[
            ("kind", "nurture"),
            ("reason", "Not ready yet"),
            ("return_on", "2026-06-01"),
        ],
    ),
    (
        "duplicate",
        "/events",
        Fresh,
        &[("kind", "duplicate"), ("same_as", "TWIN")],
    ),
    ("qualify", "/events", Contacted, &[("kind", "qualified")]),
    (
        "opportunity",
        "/events",
        Contacted,
        &[("kind", "opportunity")],
    ),
    ("win", "/events", Contacted, &[("kind", "won")]),
    (
        "lose",
        "/events",
        Contacted,
        &[("kind", "lost"), ("reason", "No fit")],
    ),
    ("re-route", "/re-route", Fresh, &[("territory", "SOUTH")]),
    (
        "reject as re-route",
        "/events",
        Fresh,
        &[
            ("kind", "rejected"),
            ("reason", "Not my territory"),
            ("territory", "SOUTH"),
        ],
    ),
    ("take", "/assign", Fresh, &[("owner", "me")]),
    ("take from the queue", "/assign", Free, &[("owner", "me")]),
    ("give", "/assign", Fresh, &[("owner", "MATE")]),
    ("give from the queue", "/assign", Free, &[("owner", "MATE")]),
    (
        "hand over again",
        "/hand-over",
        Lost,
        &[("urgency", "hot"), ("owner", "")],
    ),
    (
        "agree",
        "/answer",
        Rejected,
        &[("event", "EVENT"), ("reply", "agreed")],
    ),
    (
        "dispute",
        "/answer",
        Rejected,
        &[("event", "EVENT"), ("reply", "disputed"), ("text", "No.")],
    ),
    (
        "let it stand",
        "/settle",
        Disputed,
        &[("event", "EVENT"), ("reply", "upheld"), ("text", "So.")],
    ),
    (
        "withdraw",
        "/settle",
        Disputed,
        &[("event", "EVENT"), ("reply", "withdrawn")],
    ),
    (
        "ask",
        "/questions",
        Fresh,
        &[
            ("id", "UUID"),
            ("text", "Why?"),
            ("tell", "ADMIN"),
            ("tell", "MARK"),
        ],
    ),
    (
        "answer",
        "/questions",
        Asked,
        &[("id", "UUID"), ("question", "REMARK"), ("text", "So.")],
    ),
    (
        "take a word back",
        "/questions/take-back",
        Asked,
        &[("remark", "REMARK")],
    ),
    ("rate", "/rating", Fresh, &[("stars", "4")]),
    (
        "tell a signal",
        "/signals",
        Fresh,
        &[("uid", "UUID"), ("kind", "6"), ("what", "A new head")],
    ),
    (
        "edit",
        "/edit",
        Fresh,
        &[("name", "Acme GmbH"), ("was_name", "Acme")],
    ),
];

type BulkRow = (
    &'static str,
    Ground,
    &'static [(&'static str, &'static str)],
);

/// In bulk, with the lead ticked.
const BULK: [BulkRow; 6] = [
    ("bulk: accept", Fresh, &[("deed", "accept")]),
    ("bulk: take", Free, &[("deed", "take")]),
    ("bulk: give", Fresh, &[("deed", "give"), ("owner", "MATE")]),
    (
        "bulk: next step",
        Contacted,
        &[("deed", "step"), ("next", "1")],
    ),
    ("bulk: by the rules", Free, &[("deed", "rules")]),
    ("bulk: hand over", Lost, &[("deed", "hand-over")]),
];

struct Stage {
    world: World,
    south: String,
    twin: String,
}

impl Stage {
    fn new(database: Database) -> Stage {
        let world = World::new(database);
        let south = world.write(|tx| touchline::territories::add_territory(tx, "South"));
        let sue = world.person("sue").id;
        world.write(|tx| touchline::territories::set_rota(tx, None, &[(sue, 1)]));
        let twin = world.lead("Acme Works", "");
        name_heads(&world);
        Stage {
            world,
            south: south.to_string(),
            twin,
        }
    }

    /// A lead that stands like this.
    fn lead(&self, ground: Ground) -> String {
        let world = &self.world;
        let uid = world.lead("Acme", if ground == Free { "" } else { "ana" });
        let moves = |kind: &str, reason: &str| {
            let path = format!("/leads/{uid}");
            let seen = self.seen(&uid);
            let fields = [("kind", kind), ("reason", reason), ("seen", &seen)];
            world
                .as_("ana")
                .post(&format!("{path}/events"), &fields)
                .is(303);
        };
        match ground {
            Fresh | Free => {}
            Contacted => drop(world.log("ana", "Call", "Interested", Some(&uid))),
            Lost => moves("lost", "No fit"),
            Rejected | Disputed => moves("rejected", "Competitor"),
            Asked => {
                let new = talk::NewRemark {
                    uid: uuid::Uuid::now_v7().to_string(),
                    text: "Who decides?".to_owned(),
                    tell: Vec::new(),
                };
                let mark = world.person("mark").id;
                world.write_as("ana", |tx| talk::ask(tx, &uid, &new, &[mark]));
            }
        }
        if ground == Disputed {
            let event = self.event(&uid);
            let fields = [
                ("event", event.as_str()),
                ("reply", "disputed"),
                ("text", "No."),
            ];
            world
                .as_("mark")
                .post(&format!("/leads/{uid}/answer"), &fields)
                .is(303);
        }
        uid
    }

    fn id(&self, uid: &str) -> i64 {
        let admin = self.world.me("ada");
        let lead = self
            .world
            .read(|conn| leads::store::by_uid(conn, &admin, uid));
        lead.expect("the lead").id
    }

    fn seen(&self, uid: &str) -> String {
        let page = self.world.as_("ada").get(&format!("/leads/{uid}?do=lost"));
        let page = match page.field("seen") {
            Some(seen) => return seen,
            None => self
                .world
                .as_("ada")
                .get(&format!("/leads/{uid}?do=hand-over")),
        };
        page.field("seen").unwrap_or_default()
    }

    fn event(&self, uid: &str) -> String {
        let id = self.id(uid);
        let all = self.world.read(|conn| talk::store::rejections(conn, id));
        all.first()
            .map(|r| r.event_id.to_string())
            .unwrap_or_default()
    }

    fn remark(&self, uid: &str) -> String {
        let id = self.id(uid);
        let all = self.world.read(|conn| talk::store::remarks(conn, id));
        all.first().map(|r| r.uid.clone()).unwrap_or_default()
    }

    fn fill(&self, uid: &str, word: &str) -> String {
        match word {
            "MATE" => self.world.person("ben").uid,
            "MARK" => self.world.person("mark").uid,
            "ADMIN" => self.world.person("ada").uid,
            "SOUTH" => self.south.clone(),
            "TWIN" => self.twin.clone(),
            "SEEN" => self.seen(uid),
            "EVENT" => self.event(uid),
            "REMARK" => self.remark(uid),
            "UUID" => uuid::Uuid::now_v7().to_string(),
            word => word.to_owned(),
        }
    }

    /// All that a verb could change of a lead.
    fn state(&self, uid: &str) -> String {
        let id = self.id(uid);
        self.world.read(|conn| {
            Ok(format!(
                "{:?} {} {} {} {} {} {:?}",
                leads::store::by_id(conn, id)?,
                leads::store::events(conn, id)?.len(),
                leads::store::handovers(conn, id)?.len(),
                talk::store::remarks(conn, id)?.len(),
                talk::store::ratings(conn, id)?.len(),
                leads::signals::store::of_lead(conn, id)?.len(),
                talk::store::rejections(conn, id)?,
            ))
        })
    }

    /// What one of the cast gets for a post, and whether anything changed by it.
    fn ask(&self, name: &str, uid: &str, path: &str, fields: &[(&str, &str)]) -> String {
        let seen = self.seen(uid);
        let filled: Vec<(&str, String)> = fields
            .iter()
            .map(|(key, word)| (*key, self.fill(uid, word)))
            .collect();
        let mut all: Vec<(&str, &str)> = filled
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        all.push(("seen", &seen));
        let before = self.state(uid);
        let page = self.client(name).post(path, &all);
        answer(&page, self.state(uid) != before)
    }

    fn client(&self, name: &str) -> Client {
        match name {
            "gone" => gone(&self.world),
            name => self.world.as_(name),
        }
    }

    /// A draft of the definitions that nobody has signed; max and mark are the heads who may.
    fn draft(&self) -> i64 {
        let drafts = self.world.read(definitions::store::all);
        if let Some(old) = drafts.iter().find(|version| version.from.is_none()) {
            self.world
                .write_as("ada", |tx| definitions::drop_draft(tx, old.revision));
        }
        draft(&self.world, |content| {
            content.stages = "As agreed.".to_owned();
        })
    }
}

/// Lets somebody of this name do it, and says what they got.
type Asked = fn(&Stage, &str) -> String;

/// What is no post about a lead that is there, each with how somebody is asked.
const ALONE: [(&str, Asked); 3] = [
    ("log a touch", log_a_touch),
    ("hand over a new lead", hand_over_a_new_lead),
    ("sign a draft", sign_a_draft),
];

fn log_a_touch(stage: &Stage, name: &str) -> String {
    let uid = stage.lead(Fresh);
    let (kind, outcome) = stage.world.read(|conn| {
        let (kinds, outcomes) = (lists::store::kinds(conn)?, lists::store::outcomes(conn)?);
        let kind = kinds.iter().find(|kind| kind.name == "Call");
        let kind = kind.expect("calls").id;
        let mut theirs = outcomes.iter().filter(|outcome| outcome.kind_id == kind);
        let outcome = theirs.find(|outcome| outcome.name == "No answer");
        Ok((
            kind.to_string(),
            outcome.expect("an outcome").id.to_string(),
        ))
    });
    let fields = [
        ("uid", "UUID"),
        ("kind", kind.as_str()),
        ("outcome", outcome.as_str()),
        ("lead", uid.as_str()),
    ];
    stage.ask(name, &uid, "/log", &fields)
}

fn hand_over_a_new_lead(stage: &Stage, name: &str) -> String {
    let handed_over = || {
        let file = stage.world.as_("ada").get("/leads?q=Newman&format=csv");
        file.ok().body.lines().count()
    };
    let uid = uuid::Uuid::now_v7().to_string();
    let fields = [
        ("uid", uid.as_str()),
        ("name", "Newman"),
        ("urgency", "warm"),
    ];
    let before = handed_over();
    let page = stage.client(name).post("/leads/new", &fields);
    answer(&page, handed_over() != before)
}

fn sign_a_draft(stage: &Stage, name: &str) -> String {
    let number = stage.draft();
    let version = || version(&stage.world, number);
    let seen = version().revision.to_string();
    let before = version().signatures.len();
    let page = stage.client(name);
    let page = page.post("/definitions/draft/sign", &[("seen", &seen)]);
    answer(&page, version().signatures.len() != before)
}

/// What somebody gets, in a word.
fn answer(page: &Page, is_changed: bool) -> String {
    match (page.location.split('?').next(), page.status) {
        (Some("/sign-in"), _) if !is_changed => "sign in".to_owned(),
        // Done already: as who takes what is theirs.
        (_, 303) if !is_changed => "as is".to_owned(),
        (_, 303) => "done".to_owned(),
        (_, status) => {
            assert!(!is_changed, "{}: {}", page.status, page.text());
            status.to_string()
        }
    }
}

/// A browser in which somebody was signed in before they left.
fn gone(world: &World) -> Client {
    let last_day = "2026-03-03".parse().expect("a day");
    let token = world.write(|tx| {
        let new = people::NewPerson {
            email: format!("{}@example.com", uuid::Uuid::now_v7()),
            name: "Gone".to_owned(),
            role: touchline::rules::access::Role::Rep,
            time_zone: None,
            password_hash: None,
        };
        let id = people::add(tx, new)?;
        let token = touchline::signin::begin(tx, id, "test")?;
        people::part(tx, id, last_day)?;
        Ok(token)
    });
    world.anonymous().with_session(&token)
}

#[rstest]
fn everybody_does_with_a_lead_what_this_table_says_and_changes_nothing_else(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let stage = Stage::new(database);
    let mut table = format!("{:<22}", "");
    for name in ASKERS {
        write!(table, "{name:>8}").expect("room");
    }
    let lines = VERBS
        .iter()
        .map(|(verb, more, ground, fields)| (*verb, *ground, Some(*more), *fields))
        .chain(
            BULK.iter()
                .map(|(verb, ground, fields)| (*verb, *ground, None, *fields)),
        );
    for (verb, ground, more, fields) in lines {
        write!(table, "\n{verb:<22}").expect("room");
        for name in ASKERS {
            let uid = stage.lead(ground);
            let got = match more {
                Some(more) => stage.ask(name, &uid, &format!("/leads/{uid}{more}"), fields),
                None => {
                    let mut all = fields.to_vec();
                    all.push(("lead", &uid));
                    stage.ask(name, &uid, "/leads/bulk", &all)
                }
            };
            write!(table, "{got:>8}").expect("room");
        }
    }
    write!(table, "\n{:<22}", "share out a leaver's").expect("room");
    let path = format!("/people/{}/leads", stage.world.person("ana").uid);
    for name in ASKERS {
        let uid = stage.lead(Fresh);
        let (owner, seen) = (format!("owner-{uid}"), format!("seen-{uid}"));
        let fields = [
            ("lead", uid.as_str()),
            (owner.as_str(), "MATE"),
            (seen.as_str(), "SEEN"),
        ];
        write!(table, "{:>8}", stage.ask(name, &uid, &path, &fields)).expect("room");
    }
    for (verb, ask) in ALONE {
        write!(table, "\n{verb:<22}").expect("room");
        for name in ASKERS {
            write!(table, "{:>8}", ask(&stage, name)).expect("room");
        }
    }
    insta::assert_snapshot!("everybody_does_with_a_lead_what_this_table_says", table);
}
