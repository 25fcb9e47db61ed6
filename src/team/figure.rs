//! The figures of the board and of the rates that can be asked for: what each is called, means, and how it is worked out.

use super::{By, Conversion, Filters};

crate::words! {
    /// A figure that can be asked for, of the person or team in the address.
    pub enum Figure {
        /// The value by its own target, and the target.
        Percent = "percent",
        /// The value by what of the target was due by then.
        OfDue = "of_due",
        Target = "target",
        /// What was done.
        Value = "value",
        /// How much more of the targets was attained of late.
        Improved = "improved",
        /// The last weeks.
        Trend = "trend",
        /// Everybody's value, and what a team has of its goal: of no person.
        Together = "together",
        Goal = "goal",
        /// The share of the goal, what counts towards nobody's target, and how far ahead of its pace the team is.
        GoalShare = "goal_share",
        GoalBeyond = "goal_beyond",
        GoalPace = "goal_pace",
        /// How much of what is shown was entered late.
        Late = "late",
        /// The share reached of what the shown rows have together, as the board rounds it.
        TogetherReached = "together_reached",
        /// The share reached, as the board rounds it.
        Reached = "reached",
        /// The rates, as such and shrunk towards that of all.
        ShareReached = "share_reached",
        MeetingsPerProspect = "meetings_per_prospect",
        /// The same of everybody together.
        TogetherShareReached = "together_share_reached",
        TogetherMeetingsPerProspect = "together_meetings_per_prospect",
        ShrunkShareReached = "shrunk_share_reached",
        ShrunkMeetingsPerProspect = "shrunk_meetings_per_prospect",
        /// What chance does round the team's rate, 95 % and 99.8 % of the time.
        NearShareReached = "near_share_reached",
        FarShareReached = "far_share_reached",
        NearMeetingsPerProspect = "near_meetings_per_prospect",
        FarMeetingsPerProspect = "far_meetings_per_prospect",
    }
}

impl Figure {
    pub fn of(conversion: Conversion) -> Figure {
        match conversion {
            Conversion::ShareReached => Figure::ShareReached,
            Conversion::MeetingsPerProspect => Figure::MeetingsPerProspect,
        }
    }

    pub fn together(conversion: Conversion) -> Figure {
        match conversion {
            Conversion::ShareReached => Figure::TogetherShareReached,
            Conversion::MeetingsPerProspect => Figure::TogetherMeetingsPerProspect,
        }
    }

    pub fn shrunk(conversion: Conversion) -> Figure {
        match conversion {
            Conversion::ShareReached => Figure::ShrunkShareReached,
            Conversion::MeetingsPerProspect => Figure::ShrunkMeetingsPerProspect,
        }
    }

    /// The limits of a rate: 95 % and 99.8 %.
    pub fn limits(conversion: Conversion) -> [Figure; 2] {
        match conversion {
            Conversion::ShareReached => [Figure::NearShareReached, Figure::FarShareReached],
            Conversion::MeetingsPerProspect => [
                Figure::NearMeetingsPerProspect,
                Figure::FarMeetingsPerProspect,
            ],
        }
    }

    /// The peer group that the figure is of; members' rates are those of their whole teams.
    pub fn group_of(self, filters: &Filters) -> Option<&str> {
        let is_of_group = match self {
            Figure::Together | Figure::Late | Figure::TogetherReached => true,
            Figure::TogetherShareReached
            | Figure::TogetherMeetingsPerProspect
            | Figure::ShrunkShareReached
            | Figure::ShrunkMeetingsPerProspect => filters.scope.leads(),
            _ => false,
        };
        let is_of_group = is_of_group && filters.by == By::Person;
        filters.peers.as_deref().filter(|_| is_of_group)
    }

    pub fn label(self) -> &'static str {
        match self {
            Figure::Percent => "Of target",
            Figure::OfDue => "Of what was due",
            Figure::Target => "Target",
            Figure::Value => "Done",
            Figure::Improved => "Improved by",
            Figure::Trend => "The last 8 weeks",
            Figure::Together => "Together",
            Figure::Goal => "The team\u{2019}s goal",
            Figure::GoalShare => "Of the team\u{2019}s goal",
            Figure::GoalBeyond => "More than counts for the team\u{2019}s goal",
            Figure::GoalPace => "The pace of the team\u{2019}s goal",
            Figure::Late => "Entered late",
            Figure::TogetherReached | Figure::TogetherShareReached => "Share reached, together",
            Figure::TogetherMeetingsPerProspect => "Meetings per prospect, together",
            Figure::Reached | Figure::ShareReached => "Share reached",
            Figure::MeetingsPerProspect => "Meetings per prospect",
            Figure::ShrunkShareReached => "Share reached, shrunk",
            Figure::ShrunkMeetingsPerProspect => "Meetings per prospect, shrunk",
            Figure::NearShareReached => "Share reached, 95\u{a0}% limits",
            Figure::FarShareReached => "Share reached, 99.8\u{a0}% limits",
            Figure::NearMeetingsPerProspect => "Meetings per prospect, 95\u{a0}% limits",
            Figure::FarMeetingsPerProspect => "Meetings per prospect, 99.8\u{a0}% limits",
        }
    }

    fn meaning_of_goal(self) -> &'static str {
        match self {
            Figure::GoalBeyond => {
                "What the team did that counts for nobody\u{2019}s target, or for more than 125\u{a0}% of one: what was done, less \
                 what counts towards the goal."
            }
            Figure::GoalPace => {
                "How far the team is ahead of what its goal asked for by then: of each of its people\u{2019}s days the part of \
                 their own target, times the share of the day\u{2019}s working time that is gone."
            }
            _ => {
                "What the team has of the targets of its people together. Nobody counts for more than 125\u{a0}% of their \
                 own target, so that one hero cannot carry it, and without a target nothing counts towards it."
            }
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Figure::Percent => {
                "What was done, by what the targets in force asked for over these days, less days off. Each stretch of \
                 days in one team counts for that team."
            }
            Figure::OfDue => {
                "What was done, by what of the targets was due by then: all of each day that is over, and of the day itself \
                 the part of its working time that is gone. Who is off later on is not ahead for it."
            }
            Figure::Value => {
                "What the entries of these days add up to; of leads reached each lead once, and a score as it weighs them."
            }
            Figure::Target => {
                "What the targets in force ask for over these days, less days off. A row of the ledger decides the days \
                 from its own on, and never those before."
            }
            Figure::Improved => {
                "How much more of what was asked for was attained in the last four whole weeks than in the eight before. \
                 A week is its value by its targets, at most 1; a week that asks nothing is left out."
            }
            Figure::Trend => {
                "The value in each of the last whole weeks before the end of these days. The week that still runs is \
                 left out, since it would look like a fall."
            }
            Figure::Together => {
                "What everybody on the board has together: each entry once, in whichever team it was made, and of leads \
                 reached each lead once."
            }
            Figure::Goal | Figure::GoalShare | Figure::GoalBeyond | Figure::GoalPace => {
                self.meaning_of_goal()
            }
            Figure::Late => {
                "Prospecting activities that were entered more than two working days after they happened, of all those behind \
                 the rows that you are shown. They count all the same."
            }
            Figure::Reached
            | Figure::ShareReached
            | Figure::TogetherReached
            | Figure::TogetherShareReached => Conversion::ShareReached.about(),
            Figure::MeetingsPerProspect | Figure::TogetherMeetingsPerProspect => {
                Conversion::MeetingsPerProspect.about()
            }
            Figure::ShrunkShareReached | Figure::ShrunkMeetingsPerProspect => {
                "The rate with that of everybody here mixed in (empirical Bayes): a rate of few trials stands nearer \
                 to it than one of many. Tiers are made of it, never ranks."
            }
            Figure::NearShareReached
            | Figure::FarShareReached
            | Figure::NearMeetingsPerProspect
            | Figure::FarMeetingsPerProspect => {
                "Between these lies a rate of so many, were it the team\u{2019}s own and chance alone made it differ: 95\u{a0}% or \
                 99.8\u{a0}% of the time. Somebody counts for the team of the last day, with what they did in it. Only what is \
                 outside of 99.8\u{a0}% is worth a question."
            }
        }
    }

    pub fn formula(self) -> &'static str {
        match self {
            Figure::Percent => "value / target",
            Figure::OfDue => {
                "value / sum over days of target \u{d7} share of the day's work that is over"
            }
            Figure::Value => "sum over entries",
            Figure::Target => "sum over days of target \u{d7} share of the day that is worked",
            Figure::Improved => {
                "mean attainment of the last four weeks that asked for something - mean of the eight before; six in all at \
                 least"
            }
            Figure::Trend => "a sum for each week",
            Figure::Together => "sum over people",
            Figure::Goal | Figure::GoalShare => {
                "sum of min(points, 1.25 \u{d7} own target) / sum of own targets"
            }
            Figure::GoalBeyond => "done - sum of min(points, 1.25 \u{d7} own target)",
            Figure::GoalPace => {
                "sum of min(points, 1.25 \u{d7} own target) - due by then, in whole steps"
            }
            Figure::Late => "entered late / all, with Wilson's 95 % interval",
            Figure::Reached
            | Figure::ShareReached
            | Figure::TogetherReached
            | Figure::TogetherShareReached => {
                "reached somebody / all prospecting activities, with Wilson's 95 % interval"
            }
            Figure::MeetingsPerProspect | Figure::TogetherMeetingsPerProspect => {
                "leads with a meeting booked / leads touched, with Wilson's 95 % interval"
            }
            Figure::ShrunkShareReached | Figure::ShrunkMeetingsPerProspect => {
                "(m \u{d7} M + k) / (M + n): m is the rate of all, M says how alike the people are"
            }
            Figure::NearShareReached | Figure::NearMeetingsPerProspect => {
                "binomial quantiles 0.025 and 0.975 of n at the team's rate, interpolated, by n"
            }
            Figure::FarShareReached | Figure::FarMeetingsPerProspect => {
                "binomial quantiles 0.001 and 0.999 of n at the team's rate, interpolated, by n"
            }
        }
    }
}
