//! Where the demo's leads belong, and who gets them: rules by post code, and the reps of each territory.

use super::cast::{CAST, MANAGERS, REPS};
use super::market::TERRITORIES;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::lists::{self, List};
use crate::people;
use crate::territories::{self, NewRule};

/// In the order of [`TERRITORIES`]: what the post codes begin with.
const POST_CODES: [&str; 3] = ["2, 3", "0, 1, 8, 9", "4, 5, 6, 7"];
/// Who works full days gets twice as many as who does not.
const FULL: i64 = 2;
const PART: i64 = 1;

/// Rules and rotas, through the verbs that the pages use.
pub fn set(tx: &mut Tx) -> Result<()> {
    let names = lists::store::label_ids(tx.conn)?;
    let territory = |name: &str| {
        let found = names.get(&(List::Territory, name.to_owned()));
        found.copied().ok_or(Error::NotFound)
    };
    let mut people = Vec::new();
    for member in &CAST {
        let person = people::store::by_email(tx.conn, &member.email())?;
        people.push(person.ok_or(Error::NotFound)?.id);
    }
    let west = territory(TERRITORIES[2])?;
    let chains = NewRule {
        territory_id: west,
        employees_from: Some(500),
        segment: "Retail, Hotels".to_owned(),
        ..NewRule::default()
    };
    territories::add_rule(tx, &chains)?;
    for (at, name) in TERRITORIES.iter().enumerate() {
        let territory_id = territory(name)?;
        let by_post_code = NewRule {
            territory_id,
            country: "Germany".to_owned(),
            post_code: POST_CODES[at].to_owned(),
            ..NewRule::default()
        };
        territories::add_rule(tx, &by_post_code)?;
        let weight = |who: usize| match who == super::cast::CLARA {
            true => PART,
            false => FULL,
        };
        let seats: Vec<(i64, i64)> = REPS
            .filter(|who| who % TERRITORIES.len() == at)
            .map(|who| (people[who], weight(who)))
            .collect();
        territories::set_rota(tx, Some(territory_id), &seats)?;
    }
    let abroad = NewRule {
        territory_id: west,
        country: "Netherlands, Belgium, France".to_owned(),
        ..NewRule::default()
    };
    territories::add_rule(tx, &abroad)?;
    let managers: Vec<(i64, i64)> = MANAGERS.iter().map(|who| (people[*who], 1)).collect();
    territories::set_rota(tx, None, &managers)
}
