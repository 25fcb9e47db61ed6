//! Stories of the lead score: its rules and their versions, what a change would do, and leads that reach the line.

use crate::signals;
use crate::world::{Database, Database::*, Page, World, new_lead, terms};
use rstest::rstest;
use std::sync::Barrier;
use touchline::handover::{self, Terms};
use touchline::leads::score::{self, Saved};
use touchline::leads::signals::NewSignal;
use touchline::leads::{self, Lead};
use touchline::rules::lead_score::{BehaviourRule, Comparison, Field, FitRule, Rules};
use touchline::rules::profile::Profile;
use touchline::rules::stage::Stage;

/// 30 points for Germany, -10 for Austria, 20 for a look at the prices, 5 for a download.
pub fn rules(line: f64) -> Rules {
    let country = |value: &str, points| FitRule {
        field: Field::Country,
        comparison: Comparison::Is,
        value: value.to_owned(),
        points,
    };
    let behaviour = |kind_id, points| BehaviourRule { kind_id, points };
    Rules {
        line,
        fit: vec![country("Germany", 30.0), country("Austria", -10.0)],
        behaviour: vec![behaviour(2, 20.0), behaviour(4, 5.0)],
    }
}

/// Mark saves the first rules.
pub fn set_rules(world: &World, line: f64) {
    let saved = world.write_as("mark", |tx| {
        score::save(tx, &rules(line), "To begin with", 0)
    });
    assert_eq!(saved, Saved::Stored);
}

/// A lead that ada keeps in nurture, of a company in a country; returns its uid.
pub fn in_nurture(world: &World, name: &str, country: &str) -> String {
    kept(world, name, country, None)
}

fn kept(world: &World, name: &str, country: &str, given: Option<f64>) -> String {
    let uid = uuid::Uuid::now_v7().to_string();
    let lead = new_lead(name, world.now());
    let terms = Terms {
        score: given,
        profile: Profile {
            country: country.to_owned(),
            ..Profile::default()
        },
        ..terms()
    };
    world.write_as("ada", |tx| handover::add(tx, &uid, &lead, &terms, false));
    uid
}

pub fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

fn is_above(world: &World, uid: &str) -> bool {
    use diesel::prelude::*;
    use touchline::schema::leads_above::dsl;
    let id = lead(world, uid).id;
    let rows = |conn: &mut _| Ok(dsl::leads_above.find(id).count().get_result::<i64>(conn)?);
    world.read(rows) > 0
}

fn score_of(world: &World, uid: &str) -> Option<f64> {
    lead(world, uid).score
}

/// What mark was told, newest last.
fn told(world: &World) -> Vec<(String, Option<i64>)> {
    use diesel::prelude::*;
    use touchline::schema::notices::dsl;
    let mark = world.person("mark").id;
    world.read(|conn| {
        Ok(dsl::notices
            .filter(dsl::person_id.eq(mark).and(dsl::kind.eq("crossed_line")))
            .order(dsl::id)
            .select((dsl::text, dsl::lead_id))
            .load(conn)?)
    })
}

/// Lets behaviour fade, as the job of the night does.
fn night(world: &World) {
    let mut after = Some(0);
    while let Some(id) = after {
        after = world.write(|tx| score::refresh(tx, id));
    }
}

/// The fields of one rule and a line; a page with `do` saves or previews them.
fn fields<'f>(
    country: &'f str,
    points: &'f str,
    line: &'f str,
    why: &'f str,
) -> Vec<(&'f str, &'f str)> {
    vec![
        ("fit_0_field", "country"),
        ("fit_0_comparison", "is"),
        ("fit_0_value", country),
        ("fit_0_points", points),
        ("line", line),
        ("why", why),
    ]
}

fn sends(page: &Page, what: &str, fields: &[(&str, &str)]) -> Page {
    let mut all = fields.to_vec();
    all.push(("do", what));
    page.submit("/lead-score", &all)
}

#[rstest]
fn marketing_and_managers_make_the_rules_and_every_version_stays(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = in_nurture(&world, "Hanna", "Germany");
    let mark = world.as_("mark");
    let page = mark.get("/lead-score");
    sends(
        &page,
        "save",
        &fields("Germany", "30", "60", "To begin with"),
    )
    .redirects_to("/lead-score?done=saved");
    assert_eq!(score_of(&world, &uid), Some(30.0));
    world.at("2026-03-05T09:00:00Z");
    let page = world.as_("max").get("/lead-score");
    assert_eq!(page.field("fit_0_value").as_deref(), Some("Germany"));
    let mut more = fields("Germany", "35", "60", "Prices count");
    more.push(("kind_2", "20"));
    sends(&page, "save", &more).is(303);
    assert_eq!(score_of(&world, &uid), Some(35.0));
    let page = mark.get("/lead-score?done=saved");
    page.says("Saved: all scores are up to date.")
        .says("Version 2 Max Maier, 5 Mar 2026, 10:00 Prices count")
        .says("New Country is Germany: +35 Visited prices: +20, half of it after 14 days")
        .says("No more Country is Germany: +30")
        .says("Version 1 Mark Marlow, 4 Mar 2026, 10:00 To begin with");
    let reader = world.as_("ana").get("/lead-score");
    reader
        .says("A lead reaches the line at 60 points.")
        .says("Visited prices +20 +10 +5")
        .says_nothing_of("Save as a new version");
    world.as_("ana").post("/lead-score", &more).is(403);
    assert!(
        world
            .try_as("ana", |tx| score::save(tx, &rules(1.0), "x", 2))
            .is_err()
    );
}

#[rstest]
fn wrong_rules_come_back_filled_and_nothing_is_saved(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let page = world.as_("mark").get("/lead-score");
    for (field, wrong, sentence) in [
        ("fit_0_points", "101", "Enter points from -100 to 100."),
        ("fit_0_points", "many", "Enter points from -100 to 100."),
        ("fit_0_value", "", "Enter what to look for."),
        (
            "fit_0_comparison",
            "at_least",
            "Only employees are a number",
        ),
        (
            "fit_0_field",
            "employees",
            "Enter a whole number of people.",
        ),
        ("fit_0_field", "colour", "Enter what the rule looks at."),
        ("kind_4", "x", "Enter points from -100 to 100."),
        ("line", "101", "Enter a line from 0 to 100."),
        ("why", "", "Enter why the rules change."),
    ] {
        let mut all = fields("Germany", "30", "50", "x");
        all.retain(|(name, _)| *name != field);
        all.push((field, wrong));
        let back = sends(&page, "save", &all);
        back.is(422).says(sentence);
        // A choice that is none falls back to the first one.
        if wrong != "colour" {
            assert_eq!(back.field(field).as_deref(), Some(wrong), "{field}");
        }
    }
    let none = [("line", "50"), ("why", "x")];
    sends(&page, "save", &none)
        .is(422)
        .says("Enter at least one rule.");
    assert!(world.read(score::store::current).is_none());
}

#[rstest]
fn who_saves_second_sees_the_first_and_loses_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let page = world.as_("mark").get("/lead-score");
    set_rules_by_max(&world);
    let back = sends(&page, "save", &fields("Spain", "12", "44", "Mine"));
    back.is(409)
        .says("Max Maier saved version 1 while you had the page open, 10:00: \u{201c}His\u{201d}")
        .says("What these rules would do");
    assert_eq!(back.field("fit_0_value").as_deref(), Some("Spain"));
    assert_eq!(back.field("why").as_deref(), Some("Mine"));
    sends(&back, "save", &[]).is(303);
    let now = world.read(score::store::current).expect("rules");
    assert_eq!((now.version, now.rules.line), (2, 44.0));
}

fn set_rules_by_max(world: &World) {
    let saved = world.write_as("max", |tx| score::save(tx, &rules(50.0), "His", 0));
    assert_eq!(saved, Saved::Stored);
}

#[rstest]
fn two_who_save_at_the_same_moment_make_one_version(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let both = Barrier::new(2);
    let app = world.app();
    let save = |name: &str| {
        let me = world.me(name);
        move |both: &Barrier| {
            both.wait();
            app.db.write(|conn| {
                let kept = app.shelf.now(conn)?;
                let now = app.clock.now();
                let mut tx = touchline::app::Tx {
                    conn,
                    kept,
                    me: Some(&me),
                    now,
                    address: "",
                };
                score::save(&mut tx, &rules(50.0), "Mine", 0)
            })
        }
    };
    let (max, mark) = (save("max"), save("mark"));
    let answers = std::thread::scope(|scope| {
        let one = scope.spawn(|| max(&both));
        let other = scope.spawn(|| mark(&both));
        [
            one.join().expect("an answer"),
            other.join().expect("an answer"),
        ]
    });
    let stored = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Saved::Stored)));
    assert_eq!(stored.count(), 1, "{answers:?}");
    assert_eq!(world.read(|conn| score::store::sets(conn, 9)).len(), 1);
}

#[rstest]
fn the_preview_says_what_saving_does_and_saves_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 25.0);
    let falls = in_nurture(&world, "Falls", "Germany");
    let rises = in_nurture(&world, "Rises", "Austria");
    let stays = kept(&world, "Stays", "", Some(90.0));
    signals::note(&world, "mark", &rises, "Visited prices", "");
    let scores = |world: &World| [&falls, &rises, &stays].map(|uid| score_of(world, uid));
    assert_eq!(scores(&world), [Some(30.0), Some(10.0), Some(90.0)]);
    let mut wanted = rules(25.0);
    wanted.fit[0].points = 5.0;
    wanted.fit[1].points = 20.0;
    let now = world.now();
    let found = world.read(|conn| score::preview(conn, &wanted, now));
    let id = |uid: &str| lead(&world, uid).id;
    assert_eq!((found.leads, found.changed, found.above), (3, 2, 2));
    assert_eq!(
        (&found.up, &found.down),
        (&vec![id(&rises)], &vec![id(&falls)])
    );
    let largest: Vec<_> = found
        .largest
        .iter()
        .map(|c| (c.lead_id, c.before, c.after, c.place_before, c.place_after))
        .collect();
    assert_eq!(
        largest,
        [
            (id(&rises), Some(10.0), Some(40.0), 3, 2),
            (id(&falls), Some(30.0), Some(5.0), 2, 3),
        ]
    );
    let page = world.as_("mark").get("/lead-score");
    let mut changes = fields("Germany", "5", "25", "");
    changes.push(("fit_1_points", "20"));
    let shown = sends(&page, "preview", &changes);
    shown
        .ok()
        .says("Reach the line 1")
        .says("Fall below it 1")
        .says("Rises 10.0 40.0 3 to 2")
        .says("Falls 30.0 5.0 2 to 3")
        .says("40 to 49 0 1")
        .says("90 to 100 1 1");
    assert_eq!(scores(&world), [Some(30.0), Some(10.0), Some(90.0)]);
    let before = told(&world).len();
    sends(&shown, "save", &[("why", "As shown")]).is(303);
    assert_eq!(scores(&world), [Some(5.0), Some(40.0), Some(90.0)]);
    // Mark did it himself; what crossed is what the preview said.
    assert_eq!(told(&world).len(), before);
    let is_above = |uid: &str| is_above(&world, uid);
    assert_eq!(
        [is_above(&falls), is_above(&rises), is_above(&stays)],
        [false, true, true]
    );
    let nothing = world.read(|conn| score::preview(conn, &wanted, now));
    assert_eq!(
        (nothing.changed, nothing.up.len(), nothing.down.len()),
        (0, 0, 0)
    );
}

#[rstest]
fn a_given_score_holds_until_a_rule_knows_the_lead(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let known = kept(&world, "Known", "Germany", Some(72.0));
    let unknown = kept(&world, "Unknown", "", Some(55.0));
    let nothing = in_nurture(&world, "Nothing", "");
    assert_eq!(score_of(&world, &known), Some(72.0));
    set_rules(&world, 60.0);
    let scores = [&known, &unknown, &nothing].map(|uid| score_of(&world, uid));
    assert_eq!(scores, [Some(30.0), Some(55.0), None]);
    let page = world.as_("mark").get(&format!("/leads/{known}"));
    page.says("Score 30.0")
        .says("below the line of 60")
        .says("given: 72, which does not count beside the rules");
    world
        .as_("mark")
        .get(&format!("/leads/{unknown}"))
        .says("Score 55.0")
        .says("no rule knows anything of this lead yet");
    signals::note(&world, "mark", &unknown, "Downloaded", "");
    assert_eq!(score_of(&world, &unknown), Some(5.0));
}

#[rstest]
fn a_hand_over_carries_the_score_that_its_reasons_add_up_to(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 40.0);
    let uid = kept(&world, "Acme", "Germany", Some(70.0));
    let page = world.as_("mark").get(&format!("/leads/{uid}?do=hand-over"));
    page.submit(&format!("/leads/{uid}/hand-over"), &[("urgency", "warm")])
        .is(303);
    let lead = world.as_("mark").get(&format!("/leads/{uid}"));
    let mut links = lead.links().into_iter();
    let receipt = links.find(|link| link.starts_with("/hand-overs/"));
    world
        .as_("mark")
        .get(&receipt.expect("a receipt"))
        .says("Score 30.0")
        .says("Country is Germany: 30.0");
}

#[rstest]
fn behaviour_fades_from_day_to_day_and_each_point_is_explained(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 90.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    signals::note(&world, "mark", &uid, "Visited prices", "Twice");
    for _ in 0..7 {
        signals::note(&world, "mark", &uid, "Downloaded", "");
    }
    assert_eq!(score_of(&world, &uid), Some(30.0 + 20.0 + 25.0));
    world.at("2026-03-18T09:00:00Z");
    let page = world.as_("mark").get(&format!("/leads/{uid}"));
    page.says("Country is Germany 30.0")
        .says("Visited prices 20 when it was new, 14 days ago 10.0")
        .says("Fit together 30.0 Behaviour")
        .says("Behaviour together 22.5")
        .says("Score 52.5");
    assert_eq!(
        score_of(&world, &uid),
        Some(75.0),
        "as written at the last change"
    );
    night(&world);
    assert_eq!(score_of(&world, &uid), Some(52.5));
    world.at("2026-04-01T09:00:00Z");
    night(&world);
    assert_eq!(score_of(&world, &uid), Some(41.25));
}

#[rstest]
fn marketing_is_told_once_of_each_crossing_and_finds_the_lead_ready(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 45.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    let mark = world.as_("mark");
    mark.get("/leads/ready").says("Nothing is ready");
    assert_eq!(told(&world), []);
    signals::note(&world, "ada", &uid, "Visited prices", "");
    let id = lead(&world, &uid).id;
    let words = "Its score has reached the line: it is ready to hand over".to_owned();
    assert_eq!(told(&world), [(words.clone(), Some(id))]);
    signals::note(&world, "ada", &uid, "Downloaded", "");
    night(&world);
    assert_eq!(told(&world).len(), 1, "told once");
    mark.get("/leads/ready")
        .says("Hanna 55.0 Reached the line on Wed 4 Mar 2026");
    world.at("2026-03-25T09:00:00Z");
    night(&world);
    mark.get("/leads/ready").says("Nothing is ready");
    assert_eq!(told(&world).len(), 1, "falling below is no crossing");
    signals::note(&world, "ada", &uid, "Visited prices", "");
    assert_eq!(told(&world).len(), 2, "a crossing of its own");

    let page = mark.get("/leads/ready");
    world.as_("ana").get("/leads/ready").is(403);
    let give = [("deed", "hand-over")];
    page.submit("/leads/bulk", &give)
        .redirects_to("/leads/ready?done=hand-over-1");
    mark.get("/leads/ready?done=hand-over-1")
        .says("Handed over 1 lead.");
    let now = lead(&world, &uid);
    assert_eq!(now.stage, Stage::HandedOver);
    let handovers = world.read(|conn| leads::store::handovers(conn, id));
    assert_eq!(
        handovers[0].score, now.score,
        "the computed score of that moment"
    );
    // A second tap is the same act, and another's finds what has changed.
    page.submit("/leads/bulk", &give).is(303);
    let seen = format!("seen-{uid}");
    let version = page.field(&seen).unwrap_or_default();
    let late = [
        ("deed", "hand-over"),
        ("lead", uid.as_str()),
        (&seen, &version),
    ];
    let late = world.as_("ada").post("/leads/bulk", &late);
    late.is(422)
        .says("0 done, 1 refused")
        .says("This lead changed");
    let ana = [("deed", "hand-over"), ("lead", uid.as_str())];
    world
        .as_("ana")
        .post("/leads/bulk", &ana)
        .is(422)
        .says("0 done, 1 refused");
    assert_eq!(
        world.read(|conn| leads::store::handovers(conn, id)).len(),
        1
    );
    mark.get("/leads/ready").says("Nothing is ready");
}

#[rstest]
fn an_edit_or_a_new_version_can_bring_a_lead_up_and_many_are_told_in_one_word(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 30.0);
    let uid = in_nurture(&world, "Hanna", "Austria");
    let page = world.as_("ada").get(&format!("/leads/{uid}/edit"));
    page.submit(&format!("/leads/{uid}/edit"), &[("country", "germany")])
        .is(303);
    assert_eq!(told(&world).len(), 1);
    for n in 0..6 {
        in_nurture(&world, &format!("Lead {n}"), "Austria");
    }
    let mut wanted = rules(30.0);
    wanted.fit[1].points = 31.0;
    world.write_as("max", |tx| score::save(tx, &wanted, "Austria buys", 1));
    let all = told(&world);
    assert_eq!(all.len(), 2);
    assert_eq!(
        all[1],
        ("6 leads in nurture have reached the line".to_owned(), None)
    );
}

#[rstest]
fn a_lead_sent_back_until_a_day_waits_for_it_unless_it_crosses_the_line_anew(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 25.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    let mark = world.as_("mark");
    mark.get("/leads/ready").says("Hanna");
    mark.get("/leads/ready")
        .submit("/leads/bulk", &[("deed", "hand-over")])
        .is(303);
    let back = |day: &str| {
        let page = world.as_("ada").get(&format!("/leads/{uid}?do=nurture"));
        let fields = [("reason", "Bad timing"), ("return_on", day)];
        page.submit(&format!("/leads/{uid}/events"), &fields)
            .is(303);
    };
    world.at("2026-03-04T10:00:00Z");
    back("2026-06-01");
    mark.get("/leads/ready").says("Nothing is ready");
    world.at("2026-06-01T10:00:00Z");
    let later = world.as_("mark");
    later
        .get("/leads/ready")
        .says("Hanna 30.0 Was to come back on Mon 1 Jun 2026");
    // It falls, and comes up again by what it does.
    world.at("2026-03-05T10:00:00Z");
    let edit = format!("/leads/{uid}/edit");
    let mark = world.as_("mark");
    mark.get(&edit)
        .submit(&edit, &[("country", "Austria")])
        .is(303);
    world.at("2026-03-06T10:00:00Z");
    mark.get(&edit)
        .submit(&edit, &[("country", "Germany")])
        .is(303);
    mark.get("/leads/ready")
        .says("Reached the line on Fri 6 Mar 2026");
}

#[rstest]
fn what_has_ended_keeps_its_score(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    world.write_as("mark", |tx| handover::ready::hand_over(tx, &uid, "0-0"));
    let page = world.as_("max").get(&format!("/leads/{uid}?do=rejected"));
    let fields = [("reason", "Competitor")];
    page.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    let mut wanted = rules(50.0);
    wanted.fit[0].points = 99.0;
    world.write_as("max", |tx| score::save(tx, &wanted, "More", 1));
    assert_eq!(score_of(&world, &uid), Some(30.0));
    // Handed over again, it has the score of that moment.
    let page = world.as_("mark").get(&format!("/leads/{uid}?do=hand-over"));
    page.submit(&format!("/leads/{uid}/hand-over"), &[]).is(303);
    assert_eq!(score_of(&world, &uid), Some(99.0));
}

#[rstest]
fn what_had_ended_and_goes_on_has_the_score_of_now(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    world.write_as("mark", |tx| handover::ready::hand_over(tx, &uid, "0-0"));
    let max = world.as_("max");
    let page = max.get(&format!("/leads/{uid}?do=rejected"));
    let fields = [("reason", "Competitor")];
    page.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    let mut wanted = rules(50.0);
    wanted.fit[0].points = 99.0;
    world.write_as("max", |tx| score::save(tx, &wanted, "More", 1));
    assert_eq!(score_of(&world, &uid), Some(30.0));
    // Marketing disputes the rejection, and sales withdraw it.
    let id = lead(&world, &uid).id;
    let rejections = world.read(|conn| touchline::talk::store::rejections(conn, id));
    let event = rejections
        .first()
        .expect("a rejection")
        .event_id
        .to_string();
    let says = |name: &str, path: &str, reply: &str| {
        let fields = [("event", event.as_str()), ("reply", reply), ("text", "So.")];
        let path = format!("/leads/{uid}/{path}");
        world.as_(name).post(&path, &fields).is(303);
    };
    says("mark", "answer", "disputed");
    says("max", "settle", "withdrawn");
    assert!(lead(&world, &uid).stage.is_open());
    assert_eq!(score_of(&world, &uid), Some(99.0));
    let home = world.leave();
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
}

#[rstest]
fn what_went_on_with_an_old_score_is_named_until_the_night(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    world.write_as("mark", |tx| handover::ready::hand_over(tx, &uid, "0-0"));
    let max = world.as_("max");
    let page = max.get(&format!("/leads/{uid}?do=rejected"));
    let fields = [("reason", "Competitor")];
    page.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    let page = world.as_("mark").get(&format!("/leads/{uid}?do=hand-over"));
    page.submit(&format!("/leads/{uid}/hand-over"), &[]).is(303);
    // As an older release left it.
    let id = lead(&world, &uid).id;
    let old = "UPDATE leads SET score = 7";
    world.write(|tx| {
        Ok(touchline::both!(
            tx.conn,
            |c| diesel::RunQueryDsl::execute(diesel::sql_query(old), c)
        )?)
    });
    let check = || world.read(|conn| score::check::wrong(conn, world.now()));
    let named = format!("leads: the score of lead {id} is 7.00, and the rules give 30.00");
    assert_eq!(check(), [named]);
    night(&world);
    assert_eq!(score_of(&world, &uid), Some(30.0));
    assert!(check().is_empty());
}

#[rstest]
fn two_signals_at_the_same_moment_both_count_and_cross_the_line_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 33.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    let both = Barrier::new(2);
    let (app, uid) = (world.app(), uid.as_str());
    let note = |name: &str| {
        let me = world.me(name);
        move |both: &Barrier| {
            both.wait();
            app.db.write(|conn| {
                let (kept, now) = (app.shelf.now(conn)?, app.clock.now());
                let me = Some(&me);
                let mut tx = touchline::app::Tx {
                    conn,
                    kept,
                    me,
                    now,
                    address: "",
                };
                let new = NewSignal::now(&tx, 4, "The guide");
                leads::signals::note(&mut tx, uid, &new)
            })
        }
    };
    let (ada, max) = (note("ada"), note("mark"));
    std::thread::scope(|scope| {
        let threads = [scope.spawn(|| ada(&both)), scope.spawn(|| max(&both))];
        for thread in threads {
            thread.join().expect("an answer").expect("it is written");
        }
    });
    assert_eq!(score_of(&world, uid), Some(40.0));
    // Mark is not told of what he did himself.
    assert!(told(&world).len() <= 1);
    assert!(is_above(&world, uid));
}

#[rstest]
fn both_sides_are_told_of_new_rules(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    for name in ["max", "mia"] {
        let inbox = world.as_(name).get("/inbox");
        inbox
            .ok()
            .says("Version 1 of the score's rules holds: To begin with");
    }
    // Not who did it, and no rep.
    for name in ["mark", "ana"] {
        let inbox = world.as_(name).get("/inbox?show=all");
        inbox.ok().says_nothing_of("score's rules");
    }
}

#[rstest]
fn a_renamed_source_or_campaign_keeps_its_points(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let named = |field, comparison, value: &str, points| FitRule {
        field,
        comparison,
        value: value.to_owned(),
        points,
    };
    let wanted = Rules {
        fit: vec![
            named(Field::Source, Comparison::Is, "web form", 30.0),
            named(Field::Campaign, Comparison::Contains, "fair", 25.0),
        ],
        ..rules(40.0)
    };
    world.write_as("mark", |tx| score::save(tx, &wanted, "To begin with", 0));
    let uid = uuid::Uuid::now_v7().to_string();
    let new = new_lead("Hanna", world.now());
    let with = Terms {
        source: "Web form".to_owned(),
        campaign: "Spring fair".to_owned(),
        ..terms()
    };
    world.write_as("ada", |tx| handover::add(tx, &uid, &new, &with, false));
    assert_eq!(score_of(&world, &uid), Some(55.0));
    let rename = |list: &str, name: &str| {
        let ada = world.as_("ada");
        let page = ada.get(&format!("/lists/{list}"));
        let actions = page.ok().actions();
        let begins = format!("/lists/{list}/");
        let row = actions.iter().find(|a| a.starts_with(&begins));
        let row = row.expect("an entry");
        ada.post(row, &[("change", "rename"), ("new_name", name)])
            .is(303);
    };
    rename("source", "Website");
    assert_eq!(score_of(&world, &uid), Some(55.0));
    let set = world.read(score::store::current).expect("rules");
    assert_eq!(
        (set.version, set.rules.fit[0].value.as_str()),
        (2, "Website")
    );
    let page = world.as_("mark").get("/lead-score");
    page.ok().says("Web form is called Website now");
    assert!(told(&world).is_empty(), "nothing has come up by it");
    // What is looked for within a name is not carried, and counts no more at once.
    rename("campaign", "Spring show");
    assert_eq!(score_of(&world, &uid), Some(30.0));
    assert_eq!(
        world.read(score::store::current).map(|s| s.version),
        Some(2)
    );
}

#[rstest]
fn a_new_lead_below_the_line_is_handed_over_only_when_it_is_said_so(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mark = world.as_("mark");
    let send = |fields: &[(&str, &str)]| {
        let page = mark.get("/leads/new");
        let all = [&[("name", "Hanna")], fields].concat();
        page.submit("/leads/new", &all)
    };
    // Without rules there is no line.
    send(&[("score", "10")]).is(303);
    set_rules(&world, 50.0);
    let asked = send(&[("country", "Germany")]);
    asked.is(422).says(
        "This lead's score of 30 is below the line of 50: keep it in nurture, or tick to hand it over anyway.",
    );
    assert_eq!(asked.field("country").as_deref(), Some("Germany"));
    let sent = asked.submit("/leads/new", &[("below", "true")]);
    sent.is(303).follow().says("Handed over");
    // Kept in nurture, on the line, or of an unknown score, nobody is asked.
    send(&[("country", "Germany"), ("keep", "true")]).is(303);
    send(&[
        ("country", "Germany"),
        ("news_kind", "2"),
        ("news_what", "Twice"),
    ])
    .is(303);
    send(&[]).is(303);
    send(&[("score", "49")]).is(422).says("score of 49");
}
