//! The next step with a lead, as far as a logged touch says something of it.

use super::store::NewActivity;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::leads;
use crate::leads::gone::Touched;
use crate::page;
use crate::rules::next_step::{self, Becomes, Said};
use chrono::NaiveDate;

/// What an entry says of the next step, and the step that its maker saw; `None` where they saw nothing of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Step {
    pub said: Said,
    pub seen: Option<Option<NaiveDate>>,
}

/// What the entry makes of the lead's next step. Of a lead that somebody else has now it makes nothing: what was meant
/// goes into the note, for them to read. Refused: a step with a lead that is not with sales.
pub fn after(
    step: Step,
    touched: &Touched,
    new: &mut NewActivity,
    is_first: bool,
) -> Result<Becomes> {
    let lead = &touched.lead;
    if !touched.is_theirs {
        if let Said::Plans(Some(day)) = step.said {
            let meant = format!("Next step meant: {}.", page::day(day));
            new.note = [new.note.as_str(), &meant].join(" ").trim().to_owned();
        }
        return Ok(Becomes::Same);
    }
    let is_deed = is_first && lead.stage.is_open() && (new.is_attempt || new.is_reached);
    let done_on = is_deed.then_some(new.local_day);
    let becomes = next_step::after(lead.next_step_on, step.seen, step.said, done_on);
    if becomes != Becomes::Same && lead.stage.is_closed() {
        return Err(Error::refused(
            "This lead is not with sales: there is no next step to plan. Leave the next step as it is.",
        ));
    }
    Ok(becomes)
}

/// Writes down what becomes of the step; who plans another one than stood there is in the record with both days. A step that
/// its deed settles is told by the deed itself.
pub fn write(tx: &mut Tx, lead: &leads::Lead, said: Said, becomes: Becomes) -> Result<()> {
    match becomes {
        Becomes::Planned(day) if said != Said::Nothing && lead.next_step_on.is_some() => {
            leads::plan_step(tx, lead.id, (lead.next_step_on, day))
        }
        Becomes::Planned(day) => leads::store::set_next_step(tx.conn, lead.id, day),
        Becomes::Same | Becomes::Moved => Ok(()),
    }
}

/// What is told to whoever would overwrite a step that they have not seen.
pub fn news(now: Option<NaiveDate>) -> String {
    let now = match now {
        Some(day) => format!("it is {} now", page::day(day)),
        None => "there is none now".to_owned(),
    };
    format!(
        "The next step with this lead changed meanwhile: {now}. Nothing is saved yet: choose the next step again, then save."
    )
}
