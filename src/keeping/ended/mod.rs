//! What ended in a database since a copy was made: who was erased, who left, which leads are forgotten, which passwords,
//! second factors and roles are others. A copy brought back knows nothing of it.

mod store;

use crate::db::Conn;
use crate::error::Result;
use crate::rules::access::Role;
use std::collections::HashMap;

/// Of a database, before it becomes what a copy holds.
pub struct Ended {
    /// The uids of who is erased.
    erased: Vec<String>,
    /// The uids of the leads that are erased.
    leads: Vec<String>,
    /// The uids of who has left.
    left: Vec<String>,
    /// The hash of everybody's password, by uid.
    passwords: HashMap<String, Option<String>>,
    /// The secret of everybody's second factor, by uid.
    factors: HashMap<String, String>,
    /// Everybody's role and address, by uid.
    doors: HashMap<String, (Role, String)>,
}

impl Ended {
    pub fn of(conn: &mut Conn) -> Result<Ended> {
        Ok(Ended {
            erased: store::erased(conn)?,
            leads: store::erased_leads(conn)?,
            left: store::left(conn)?,
            passwords: store::passwords(conn)?.into_iter().collect(),
            factors: store::factors(conn)?.into_iter().collect(),
            doors: store::doors(conn)?.into_iter().collect(),
        })
    }

    /// Once the database is what the copy holds: a password or a second factor that is another one since, or none, opens
    /// nothing. Returns what came back
    /// with the copy and somebody must look after, in sentences.
    pub fn look_after(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let others = self.forget_passwords(conn)?;
        let factors = self.forget_factors(conn)?;
        let said = [
            (
                "Erased since and whole again, erase them anew",
                store::whole_again(conn, &self.erased)?,
            ),
            (
                "Leads erased since and whole again, erase them anew",
                store::whole_leads(conn, &self.leads)?,
            ),
            (
                "Left since and can sign in again, mark them as left anew",
                store::back_again(conn, &self.left)?,
            ),
            (
                "Their password is another one since, give them a new link (touchline person link)",
                others,
            ),
            (
                "Their second factor is another one since, or none: they set one up anew",
                factors,
            ),
            (
                "Their role or e-mail address is another one since, set it anew",
                self.other_doors(conn)?,
            ),
        ];
        let said = said.into_iter().filter(|(_, names)| !names.is_empty());
        Ok(said
            .map(|(what, names)| format!("{what}: {}", names.join(", ")))
            .collect())
    }

    fn forget_factors(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let now = store::factors(conn)?.into_iter();
        let others = now.filter(|(uid, secret)| {
            self.doors.contains_key(uid) && self.factors.get(uid) != Some(secret)
        });
        let uids: Vec<String> = others.map(|(uid, _)| uid).collect();
        store::forget_factors(conn, &uids)
    }

    /// Who is let in as another, or by another address, than before.
    fn other_doors(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let now = store::doors(conn)?.into_iter();
        let differs = |(uid, door): &(String, (Role, String))| {
            let before = self.doors.get(uid);
            before.is_some_and(|before| before != door)
        };
        let uids: Vec<String> = now.filter(differs).map(|(uid, _)| uid).collect();
        store::whole_again(conn, &uids)
    }

    fn forget_passwords(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let now = store::passwords(conn)?.into_iter();
        let differs = |(uid, hash): &(String, Option<String>)| {
            let before = self.passwords.get(uid);
            hash.is_some() && before.is_some_and(|before| before != hash)
        };
        let uids: Vec<String> = now.filter(differs).map(|(uid, _)| uid).collect();
        store::forget_passwords(conn, &uids)
    }
}
