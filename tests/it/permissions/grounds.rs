//! What stands before somebody asks: how a lead stands, and what the asker has to sign in with.

use crate::world::World;
use data_encoding::BASE32_NOPAD;
use std::sync::OnceLock;
use touchline::rules::totp;
use touchline::signin::factor;
use touchline::{leads, people, secret, talk};

/// Everybody's.
pub const PASSWORD: &str = "correct horse battery";

/// What everybody's codes are made from.
const SECRET: &[u8] = b"a secret of an app..";

/// Makes the asker somebody whom the row serves.
pub fn prepare(world: &World, row: &str, asker: &str) {
    match row {
        "/sign-in" | "/me/password" => give_password(world, asker),
        "/me/second-factor/begin" => {
            give_password(world, asker);
            set_factor(world, asker, None);
        }
        "/me/second-factor/confirm" => set_factor(world, asker, Some(false)),
        "/sign-in/code" | "/me/second-factor/codes" | "/me/second-factor/end" => {
            set_factor(world, asker, Some(true));
        }
        // Another metric for each, so that there is something to copy.
        "/targets/copy" => {
            let metric = match asker {
                "max" => "reached",
                "ada" => "meetings_booked",
                _ => "leads_reached",
            };
            world.target("max", "ana", metric, 4);
        }
        _ => {}
    }
}

fn give_password(world: &World, name: &str) {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| secret::hash_password(world.app(), PASSWORD).expect("a hash"));
    let id = world.person(name).id;
    world.write(|tx| people::passwords::store::set(tx.conn, id, hash));
}

/// Gives somebody a second factor, on or only begun, whose codes nobody has used; or takes it away.
fn set_factor(world: &World, name: &str, is_on: Option<bool>) {
    let id = world.person(name).id;
    world.write(|tx| {
        factor::store::remove(tx.conn, id)?;
        people::store::set_has_second_factor(tx.conn, id, is_on == Some(true))?;
        match is_on {
            Some(_) => factor::store::add(tx.conn, id, &BASE32_NOPAD.encode(SECRET), tx.now),
            None => Ok(()),
        }
    });
}

/// What everybody's app shows now.
pub fn code(world: &World) -> String {
    totp::code(SECRET, totp::step_at(world.now()))
}

/// A lead of somebody's that stands as a post about it needs; `asker` is whose words are taken back.
pub fn lead(world: &World, path: &str, owner: &str, asker: &str) -> String {
    let uid = world.lead("Acme", owner);
    let ended = |kind: &str, reason: &str| {
        let page = world.as_(owner).get(&format!("/leads/{uid}?do={kind}"));
        let action = format!("/leads/{uid}/events");
        page.ok().submit(&action, &[("reason", reason)]).is(303);
    };
    match path.rsplit('/').next().unwrap_or_default() {
        "hand-over" | "erase" => ended("lost", "No fit"),
        "answer" => ended("rejected", "Competitor"),
        "settle" => {
            ended("rejected", "Competitor");
            let event = rejection(world, &uid);
            let fields = [
                ("event", event.as_str()),
                ("reply", "disputed"),
                ("text", "No."),
            ];
            let action = format!("/leads/{uid}/answer");
            world.as_("mark").post(&action, &fields).is(303);
        }
        "take-back" => {
            let new = talk::NewRemark {
                uid: uuid::Uuid::now_v7().to_string(),
                text: "Who decides?".to_owned(),
                tell: Vec::new(),
            };
            let told = ["ada", "mark"].map(|name| world.person(name).id);
            world.write_as(asker, |tx| talk::ask(tx, &uid, &new, &told));
        }
        _ => {}
    }
    uid
}

fn lead_id(world: &World, uid: &str) -> i64 {
    let admin = world.me("ada");
    let lead = world.read(|conn| leads::store::by_uid(conn, &admin, uid));
    lead.expect("the lead").id
}

/// The event that rejected a lead.
pub fn rejection(world: &World, uid: &str) -> String {
    let id = lead_id(world, uid);
    let all = world.read(|conn| talk::store::rejections(conn, id));
    all.first().expect("a rejection").event_id.to_string()
}

/// What was said of a lead.
pub fn remark(world: &World, uid: &str) -> String {
    let id = lead_id(world, uid);
    let all = world.read(|conn| talk::store::remarks(conn, id));
    all.first().expect("a remark").uid.clone()
}
