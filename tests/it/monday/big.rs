//! The pack of a big team: on paper it stays on two sheets, on the screen and in its files nothing is missing.

use super::*;
use std::fmt::Write;
use touchline::monday::store;

const REPS: usize = 20;
const SOURCES: usize = 14;
const DISPUTES: usize = 14;
const VISITS: usize = 20;
/// So many of them have tried their only open lead.
const TRIED: usize = 10;
const CARRIED: usize = 14;
const AGREED: usize = 9;
const GOALS: usize = 5;

const LONG: &str = "She signs the orders of the whole group since January, and asked for a price herself when we met her at the \
                    fair: here is the card that she filled in, with the date, and her own words on it beside ours.";

fn bring(world: &World, files: &[(&str, &str)]) {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| Source::new(*name, text.as_bytes()))
        .collect();
    let report = world.write(|tx| imports::import(tx, &sources, false, &mut |_| {}));
    assert!(report.is_good(), "{report:?}");
}

fn rep(at: usize) -> String {
    format!("rep{at:02}@example.com")
}

/// Twenty in North with five targets each, and one in each of six other teams.
fn people(world: &World) {
    let mut people = "email,name,role,team\n".to_owned();
    for at in 0..REPS {
        let _ = writeln!(
            people,
            "{},Bartholomew Featherstone {at:02},rep,North",
            rep(at)
        );
    }
    for at in REPS..REPS + 6 {
        let _ = writeln!(people, "{},Rep {at:02},rep,Field sales {at:02}", rep(at));
    }
    let targets = "metric,amount,period,team,valid_from\n\
                   activities,30,day,North,2026-02-02\nreached,6,day,North,2026-02-02\n\
                   leads_reached,5,week,North,2026-02-02\nmeetings_booked,2,week,North,2026-02-02\n\
                   kind:Call,20,day,North,2026-02-02\n";
    let mut off = "email,from,to,part\n".to_owned();
    for at in 0..REPS / 4 {
        let _ = writeln!(off, "{},2026-03-02,2026-03-04,full", rep(at * 4));
    }
    let files = [
        ("people.csv", people.as_str()),
        ("targets.csv", targets),
        ("time_off.csv", &off),
    ];
    bring(world, &files);
}

/// What they did in the week from 2 March on, and the leads that they got: many untouched, many ended for a reason.
fn work(world: &World) {
    let mut leads = "external_id,name,company,source,created_at,owner_email\n".to_owned();
    let mut done =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id,quantity,with_email\n"
            .to_owned();
    let mut events = "lead_external_id,at,event,reason\n".to_owned();
    for at in 0..REPS + 6 {
        let email = rep(at);
        for day in 2..7 {
            let at_ten = format!("2026-03-{day:02}T10:00:00Z");
            for (what, quantity) in [
                ("Call,No answer", 19),
                ("Call,Interested", 4),
                ("E-mail,Sent", 9),
            ] {
                let _ = writeln!(
                    done,
                    "{at}-{day}-{quantity},{email},{what},{at_ten},,{quantity},"
                );
            }
        }
        for lead in 0..4 {
            let source = (at * 4 + lead) % SOURCES;
            let _ = writeln!(
                leads,
                "l{at}-{lead},Ann-Kathrin Oberhuber-Zimmermann,Vereinigte Stahlwerke {at:02} AG,Partner campaign {source:02},\
                 2026-03-02T08:0{lead}:00Z,{email}"
            );
            let reason = ["Wrong role", "Outside target profile", "Competitor"];
            if lead < 3 {
                let _ = writeln!(
                    events,
                    "l{at}-{lead},2026-03-04T09:00:00Z,rejected,{}",
                    reason[lead]
                );
            }
        }
    }
    for at in 0..VISITS {
        let day = 2 + at % 5;
        let _ = writeln!(
            done,
            "v{at},{},Visit,Spoke with decision-maker,2026-03-{day:02}T13:00:00Z,l{}-3,1,mark@example.com",
            rep(at % TRIED),
            at % TRIED
        );
    }
    let files = [
        ("leads.csv", leads.as_str()),
        ("activities.csv", &done),
        ("lead_events.csv", &events),
    ];
    bring(world, &files);
}

fn disputed(world: &World) {
    use touchline::talk::{self, Reply};
    let me = world.me("ada");
    for at in 0..DISPUTES {
        let name = format!("rep{at:02}");
        let uid = world.lead(&format!("Disputed lead of a long name {at:02}"), &name);
        let role = [("reason", "Outside target profile")];
        crate::talk::moves(&world.as_(&name), &uid, "rejected", &role).is(303);
        let event = world.read(|conn| {
            let lead = touchline::leads::store::by_uid(conn, &me, &uid)?.expect("the lead");
            Ok(talk::store::rejections(conn, lead.id)?[0].event_id)
        });
        world.write_as("mark", |tx| {
            touchline::handover::reply(tx, &uid, event, Reply::Disputed, LONG)
        });
    }
}

fn commit(world: &World, monday: &str, count: usize) {
    let action = format!("/monday/{monday}/commitments");
    for at in 0..count {
        let owner = world.person(&format!("rep{at:02}")).uid;
        let text = format!("{at:02}. {}", &LONG[..190]);
        let fields = [
            ("text", text.as_str()),
            ("owner", &owner),
            ("due_on", "2026-03-20"),
        ];
        world.as_("max").post(&action, &fields).is(303);
    }
}

/// A pack with more of everything than two sheets hold, on Monday 9 March.
pub fn big(world: &World) {
    world.at("2026-02-23T08:00:00Z");
    crate::definitions::agree(world, |content| {
        content.volume = Some(Volume {
            count: 70,
            per: Per::Week,
        });
    });
    people(world);
    world.at("2026-03-02T07:00:00Z");
    made(world);
    commit(world, "2026-03-02", CARRIED);
    for at in 0..GOALS {
        let name = format!("Meetings from leads that both of us hand over {at}");
        crate::shared_goals::make(world, "mark", &name, &[]).is(303);
    }
    world.at("2026-03-06T15:00:00Z");
    work(world);
    disputed(world);
    world.at("2026-03-09T08:00:00Z");
    made(world);
    commit(world, "2026-03-09", AGREED);
}

#[rstest]
fn a_long_pack_prints_the_beginning_of_each_part_and_says_how_much_more_there_is(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    big(&world);
    let mut names: Vec<String> = table(&world, "ada", "reps")
        .into_iter()
        .map(|row| row["name"].clone())
        .collect();
    names.dedup();
    let page = world.as_("ada").get("/monday");
    let body = &page.ok().body;
    let section = |id: &str| {
        let begin = body.split(&format!("aria-labelledby=\"{id}\"")).nth(1);
        begin
            .and_then(|rest| rest.split("</section>").next())
            .expect("a section")
    };
    for (id, tag, count, file) in [
        ("reps", "<th scope=\"row\"", names.len(), "reps"),
        ("owners", "<th scope=\"row\"", REPS + 6 - TRIED, "owners"),
        ("goals", "class=\"progress ", GOALS, "goals"),
        ("reasons", "<th scope=\"row\"", SOURCES + 1, "reasons"),
        ("disputes", "row-main", DISPUTES, "disputes"),
        ("visits", "<th scope=\"row\"", VISITS, "visits"),
        ("carried", "row-main", CARRIED, "commitments"),
        ("agreed", "row-main", AGREED, ""),
    ] {
        let part = section(id);
        // The screen has all of it, and so has the file.
        assert_eq!(part.matches(tag).count(), count, "{id}: {part}");
        if !file.is_empty() {
            assert!(table(&world, "ada", file).len() >= count, "{file}");
        }
        let hidden = part.matches("screen-only").count();
        let printed = count - hidden;
        assert!(
            hidden > 0 && printed >= 2,
            "{id} prints {printed} of {count}"
        );
        assert!(
            part.contains(&format!("And {hidden} more, on the page.")),
            "{id}: {hidden}"
        );
    }
    // What is short is printed as it is.
    let short = week(database);
    short.at("2026-03-09T08:00:00Z");
    made(&short).says_nothing_of("more, on the page");
    let made = world.read(store::mondays);
    assert_eq!(made.len(), 2);
}
