//! Which hand-overs the page shows, read from the address.

use super::passed::Passed;
use crate::form::Form;
use crate::leads::cohort;
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::speed::Band;
use crate::rules::stage::{EventKind, Stage};
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{Days, NaiveDate};

/// Without days of one's own the page shows so many.
pub const DAYS: u64 = 90;
/// More days than these are no page: the reports on follow-up and outcomes look further.
const MOST_DAYS: i64 = 366;

crate::words! {
    /// Whose hand-overs: those one answers for, which are one's own and those that nobody is named for, or all.
    pub enum Whose { Mine = "mine", All = "all" }
}

crate::words! {
    /// What hand-overs are grouped by.
    pub enum Grouping { Source = "source", Campaign = "campaign", Asset = "asset" }
}

impl Grouping {
    pub fn label(self) -> &'static str {
        match self {
            Grouping::Source => "Source",
            Grouping::Campaign => "Campaign",
            Grouping::Asset => "Asset",
        }
    }

    /// What the reports on hand-overs call the same.
    pub fn of_cohorts(self) -> cohort::Grouping {
        match self {
            Grouping::Source => cohort::Grouping::Source,
            Grouping::Campaign => cohort::Grouping::Campaign,
            Grouping::Asset => cohort::Grouping::Asset,
        }
    }

    pub fn of(self, passed: &Passed) -> Option<i64> {
        let handover = &passed.handover;
        match self {
            Grouping::Source => handover.source_id,
            Grouping::Campaign => handover.campaign_id,
            Grouping::Asset => handover.asset_id,
        }
    }
}

crate::words! {
    /// What a hand-over came to, as the totals count it.
    pub enum Came {
        Untouched = "untouched",
        /// Accepted, tried or reached: as outcomes and the service level on acceptance have it.
        TakenUp = "taken_up",
        /// Said to be accepted.
        Accepted = "accepted",
        Rejected = "rejected", Disputed = "disputed", Reached = "reached", Won = "won",
    }
}

impl Came {
    pub fn label(self) -> &'static str {
        match self {
            Came::Untouched => "Untouched",
            Came::TakenUp => "Taken up",
            Came::Accepted => "Said to be accepted",
            Came::Rejected => "Rejected",
            Came::Disputed => "Disputed",
            Came::Reached => "Reached",
            Came::Won => "Won",
        }
    }

    pub fn is_of(self, passed: &Passed) -> bool {
        match self {
            Came::Untouched => passed.is_untouched(),
            Came::TakenUp => passed.is_taken_up,
            Came::Accepted => passed.is_accepted,
            Came::Rejected => passed.rejection.is_some(),
            Came::Disputed => passed.is_disputed(),
            Came::Reached => passed.is_contacted,
            Came::Won => passed.is_won,
        }
    }
}

/// How a hand-over ended: `None` is not at all.
type Outcome = Option<EventKind>;

pub struct Filter {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub whose: Whose,
    pub by: Option<Grouping>,
    pub is_board: bool,
    status: Option<Stage>,
    came: Option<Came>,
    owner: Option<i64>,
    band: Option<Band>,
    outcome: Option<Outcome>,
    reason: String,
    labels: [Option<i64>; 3],
}

impl Filter {
    /// `None` when a field is wrong, with a message in the form, which holds what is shown in the end.
    pub fn read(
        form: &mut Form,
        directory: &Directory,
        me: &Me,
        today: NaiveDate,
    ) -> Option<Filter> {
        let days_ago = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
        form.set_default("from", days_ago.to_string());
        form.set_default("to", today.to_string());
        let whose = match me.role {
            Role::Marketing => Whose::Mine,
            _ => Whose::All,
        };
        form.set_default("whose", whose.word());
        let from = form.day("from").map(|day| day.unwrap_or(days_ago));
        let to = form.day("to").map(|day| day.unwrap_or(today));
        if let (Some(from), Some(to)) = (from, to) {
            let days = (to - from).num_days();
            if days < 0 {
                form.refuse("from", "The first day must not be after the last one.");
            } else if days > MOST_DAYS {
                form.refuse("from", "Choose a year at most; the reports look further.");
            }
        }
        let whose = form.parsed("whose", "whose from the list", Whose::from_word);
        let by = form.optional("by", "a grouping from the list", Grouping::from_word);
        let status = form.optional("status", "a status from the list", Stage::from_word);
        let came = form.optional("came", "one from the list", Came::from_word);
        let owner = form.optional("owner", "an owner from the list", |uid| {
            directory.person_of_uid(uid).map(|person| person.id)
        });
        let band = form.optional("speed", "a speed from the list", Band::from_word);
        let outcome = form.optional("outcome", "an outcome from the list", |word| match word {
            "open" => Some(None),
            word => EventKind::from_word(word)
                .filter(|k| k.is_closing())
                .map(Some),
        });
        let reason = form.text("reason", 120);
        let mut label = |name: &str| {
            let id = form.optional(name, "one from the list", |text| text.parse::<i64>().ok());
            id.flatten()
        };
        let labels = [label("source"), label("campaign"), label("asset")];
        form.is_good().then_some(())?;
        Some(Filter {
            from: from?,
            to: to?,
            whose: whose?,
            by: by?,
            is_board: form.value("view") == "board",
            status: status?,
            came: came?,
            owner: owner?,
            band: band?,
            outcome: outcome?,
            reason: reason?,
            labels,
        })
    }

    /// The first and the last instant of a hand-over, both included.
    pub fn span(&self, zone: &Zone) -> (Instant, Instant) {
        let after = self.to.succ_opt().unwrap_or(self.to);
        (
            zone.midnight(self.from),
            Instant(zone.midnight(after).0 - 1),
        )
    }

    pub fn lets_through(&self, passed: &Passed, (me, directory): (&Me, &Directory)) -> bool {
        let handover = &passed.handover;
        let closing = passed.closing.as_ref().map(|(kind, _)| *kind);
        let labels = [handover.source_id, handover.campaign_id, handover.asset_id];
        let fits = self.labels.iter().zip(labels);
        (self.whose == Whose::All || is_mine(passed, me, directory))
            && self.status.is_none_or(|status| passed.status == status)
            && self.came.is_none_or(|came| came.is_of(passed))
            && self
                .owner
                .is_none_or(|owner| passed.owner_id == Some(owner))
            && self.band.is_none_or(|band| passed.band() == band)
            && self.outcome.is_none_or(|outcome| closing == outcome)
            && (self.reason.is_empty() || passed.reason() == self.reason)
            && fits
                .into_iter()
                .all(|(wanted, has)| wanted.is_none() || *wanted == has)
    }
}

/// Whether somebody answers for a hand-over: their own, what came without a name, and for all of marketing what was made
/// by somebody who has left.
fn is_mine(passed: &Passed, me: &Me, directory: &Directory) -> bool {
    let by_id = passed.handover.by_id;
    by_id.is_none_or(|by| by == me.id) || directory.answering(by_id).contains(&me.id)
}
