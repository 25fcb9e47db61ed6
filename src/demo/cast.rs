//! Who is in the demo: a company that sells lighting, and the habits of its people.

use crate::app::Tx;
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::people::{self, Directory};
use crate::rules::access::{Me, Role};
use crate::signin;
use crate::value::Instant;

pub const WORKSPACE: &str = "Lantern Works";
pub const INSIDE: &str = "Inside sales";
pub const FIELD: &str = "Field sales";
/// Everybody's password.
pub const PASSWORD: &str = "touchline demo";

/// Somebody, and how they work.
pub struct Member {
    pub name: &'static str,
    pub role: Role,
    pub team: &'static str,
    pub habits: Habits,
}

/// How a rep works. 1 is the average of each but `discipline`.
#[derive(Clone, Copy)]
pub struct Habits {
    /// Waiting times are multiplied by it.
    pub pace: f64,
    /// How often somebody is reached who is called.
    pub charm: f64,
    /// How many attempts before giving up.
    pub patience: f64,
    /// How often a lead is left lying.
    pub neglect: f64,
    /// The share of days on which the target is met.
    pub discipline: f64,
}

const fn rep(name: &'static str, team: &'static str, habits: [f64; 5]) -> Member {
    let [pace, charm, patience, neglect, discipline] = habits;
    Member {
        name,
        role: Role::Rep,
        team,
        habits: Habits {
            pace,
            charm,
            patience,
            neglect,
            discipline,
        },
    }
}

const fn other(name: &'static str, role: Role, team: &'static str) -> Member {
    Member {
        role,
        ..rep(name, team, [1.0; 5])
    }
}

/// The reps first.
pub const CAST: [Member; 14] = [
    rep("Ana Sousa", INSIDE, [0.6, 1.15, 1.2, 0.4, 0.85]),
    rep("Ben Okafor", INSIDE, [0.9, 1.0, 1.3, 0.7, 0.8]),
    rep("Clara Lindqvist", INSIDE, [1.0, 1.2, 1.0, 0.9, 0.75]),
    rep("David Marek", INSIDE, [1.8, 0.85, 0.7, 1.8, 0.5]),
    rep("Elif Demir", INSIDE, [0.8, 1.0, 1.1, 0.6, 0.9]),
    rep("Farid Nasser", FIELD, [1.3, 1.1, 0.9, 1.2, 0.6]),
    rep("Greta Holm", FIELD, [0.9, 1.25, 1.0, 0.6, 0.8]),
    rep("Hugo Brandt", FIELD, [2.2, 0.95, 0.6, 2.0, 0.4]),
    rep("Ines Costa", FIELD, [1.0, 1.05, 1.2, 0.8, 0.7]),
    other("Martin Keller", Role::Manager, INSIDE),
    other("Nadia Rossi", Role::Manager, FIELD),
    other("Oskar Berg", Role::Marketing, ""),
    other("Paula Weiss", Role::Marketing, ""),
    other("Rosa Lang", Role::Admin, ""),
];

/// Positions in [`CAST`].
pub const REPS: std::ops::Range<usize> = 0..9;
pub const ANA: usize = 0;
pub const BEN: usize = 1;
/// Works mornings only.
pub const CLARA: usize = 2;
pub const DAVID: usize = 3;
pub const FARID: usize = 5;
pub const GRETA: usize = 6;
pub const HUGO: usize = 7;
/// Works in another zone.
pub const INES: usize = 8;
pub const MANAGERS: [usize; 2] = [9, 10];
pub const MARKETING: [usize; 2] = [11, 12];
pub const ADMIN: usize = 13;

impl Member {
    /// `ana@lantern.example`.
    pub fn email(&self) -> String {
        let first = self.name.split(' ').next().unwrap_or(self.name);
        format!("{}@lantern.example", first.to_lowercase())
    }
}

/// Somebody of [`CAST`], as a request of theirs would be seen.
pub fn member(tx: &mut Tx, who: usize) -> Result<Me> {
    let person = people::store::by_email(tx.conn, &CAST[who].email())?;
    let id = person.ok_or(Error::NotFound)?.id;
    let directory = tx.kept.get::<Directory>(tx.conn)?;
    let calendars = tx.kept.get::<Calendars>(tx.conn)?;
    signin::me(&directory, &calendars, id, tx.now).ok_or(Error::NotFound)
}

/// Does something as one of the cast, at an instant.
pub fn as_<T>(
    tx: &mut Tx,
    who: usize,
    at: Instant,
    verb: impl FnOnce(&mut Tx) -> Result<T>,
) -> Result<T> {
    let me = member(tx, who)?;
    verb(&mut Tx {
        conn: tx.conn,
        kept: tx.kept,
        me: Some(&me),
        now: at,
        address: tx.address,
    })
}
