//! What marketing brings in: sources with their campaigns and assets, and the leads they make.

use super::dice::Dice;
use super::setting::Setting;
use crate::rules::wait::Urgency;
use crate::value::Instant;
use chrono::NaiveDate;

/// Where leads come from, and what can be expected of them.
pub struct Source {
    pub name: &'static str,
    pub campaigns: &'static [&'static str],
    pub assets: &'static [&'static str],
    pub urgency: Urgency,
    /// Working minutes to the first attempt, in the middle.
    pub first_attempt_min: f64,
    /// The chance that an attempt reaches somebody.
    pub reach: f64,
    /// The chance that a deal is won, once there is an opportunity.
    pub win: f64,
    /// The chance that sales sends it back unread, and that nobody touches it.
    pub rejected: f64,
    pub untouched: f64,
}

const DEMO: Source = Source {
    name: "Website",
    campaigns: &["Always on"],
    assets: &["Price list", ""],
    urgency: Urgency::Hot,
    first_attempt_min: 9.0,
    reach: 0.38,
    win: 0.5,
    rejected: 0.04,
    untouched: 0.02,
};
const WEBINAR: Source = Source {
    name: "Webinar",
    campaigns: &["Webinar series"],
    assets: &["Webinar: lighting audits"],
    urgency: Urgency::Warm,
    first_attempt_min: 120.0,
    reach: 0.28,
    win: 0.34,
    rejected: 0.06,
    untouched: 0.06,
};
const FAIR: Source = Source {
    name: "Trade fair",
    campaigns: &["Trade fair tour"],
    assets: &["Product catalogue", ""],
    urgency: Urgency::Warm,
    first_attempt_min: 190.0,
    reach: 0.31,
    win: 0.38,
    rejected: 0.07,
    untouched: 0.08,
};
const WHITEPAPER: Source = Source {
    name: "Whitepaper",
    campaigns: &["Energy savings"],
    assets: &["Energy savings guide", "Savings calculator"],
    urgency: Urgency::Content,
    first_attempt_min: 430.0,
    reach: 0.17,
    win: 0.2,
    rejected: 0.14,
    untouched: 0.17,
};
const PARTNER: Source = Source {
    name: "Partner",
    campaigns: &["Partner programme"],
    assets: &["Partner brochure", ""],
    urgency: Urgency::Referral,
    first_attempt_min: 150.0,
    reach: 0.42,
    win: 0.48,
    rejected: 0.03,
    untouched: 0.04,
};
const LIST: Source = Source {
    name: "Purchased list",
    campaigns: &["Energy savings", ""],
    assets: &[""],
    urgency: Urgency::Content,
    first_attempt_min: 620.0,
    reach: 0.11,
    win: 0.12,
    rejected: 0.22,
    untouched: 0.25,
};

/// With how many of a hundred leads each.
pub const SOURCES: [(&Source, f64); 6] = [
    (&DEMO, 22.0),
    (&WEBINAR, 21.0),
    (&FAIR, 16.0),
    (&WHITEPAPER, 22.0),
    (&PARTNER, 8.0),
    (&LIST, 11.0),
];

/// The reps of a territory lie three apart in the cast.
pub const TERRITORIES: [&str; 3] = ["North", "East", "West"];

const FIRST_NAMES: [&str; 24] = [
    "Alma", "Bruno", "Carla", "Daniel", "Emma", "Felix", "Gina", "Henrik", "Irene", "Jonas",
    "Karin", "Leo", "Marta", "Nils", "Olga", "Pablo", "Rita", "Stefan", "Tina", "Viktor", "Wanda",
    "Yusuf", "Zoe", "Liam",
];
const LAST_NAMES: [&str; 24] = [
    "Abel", "Bauer", "Cruz", "Duarte", "Evans", "Fischer", "Garcia", "Hansen", "Ivanov", "Jensen",
    "Kovacs", "Lopez", "Meyer", "Nowak", "Olsen", "Petit", "Reyes", "Schmid", "Toth", "Ulrich",
    "Vargas", "Weber", "Yilmaz", "Zimmer",
];
const COMPANY_STARTS: [&str; 20] = [
    "Birch", "Bright", "Canal", "Castle", "Coast", "Delta", "Elm", "Forge", "Garden", "Granite",
    "Harbour", "Hill", "Iron", "Lake", "Mill", "Oak", "River", "Summit", "Valley", "Willow",
];
const COMPANY_ENDS: [&str; 14] = [
    "Logistics",
    "Foods",
    "Clinics",
    "Hotels",
    "Textiles",
    "Storage",
    "Printing",
    "Motors",
    "Schools",
    "Retail",
    "Bakeries",
    "Chemicals",
    "Packaging",
    "Fitness",
];
const TITLES: [&str; 6] = [
    "Facility manager",
    "Head of operations",
    "Managing director",
    "Energy officer",
    "Buyer",
    "Store manager",
];

/// A lead as marketing hands it over, or keeps it.
pub struct Lead {
    pub name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
    pub title: &'static str,
    pub territory: usize,
    pub source: &'static Source,
    pub campaign: &'static str,
    pub asset: &'static str,
    pub urgency: Urgency,
    pub score: i64,
    pub created_at: Instant,
    /// Nothing for a lead that marketing keeps for now.
    pub handed_over_at: Option<Instant>,
    /// Nobody yet, where the queue is still to be shared out.
    pub owner: Option<usize>,
    pub assigned_at: Option<Instant>,
}

/// The leads that come in on a day, up to now.
pub fn leads_of(dice: &mut Dice, setting: &Setting, day: NaiveDate) -> Vec<Lead> {
    let many = if setting.works_on(day) {
        dice.between(9, 14)
    } else {
        dice.between(0, 2)
    };
    let instants: Vec<Instant> = (0..many).map(|_| moment(dice, setting, day)).collect();
    instants
        .into_iter()
        .filter(|at| *at <= setting.now)
        .map(|at| lead(dice, setting, at))
        .collect()
}

/// Most come by day, some at night.
fn moment(dice: &mut Dice, setting: &Setting, day: NaiveDate) -> Instant {
    let by_day = dice.chance(0.8);
    let minute = if by_day {
        dice.between(8 * 60, 18 * 60 - 1)
    } else {
        dice.between(0, 24 * 60 - 1)
    };
    setting
        .zone
        .instant(day, minute as u16)
        .plus_seconds(dice.between(0, 59))
}

/// One that comes in at an instant, for nobody yet.
pub fn lead(dice: &mut Dice, setting: &Setting, at: Instant) -> Lead {
    let source = dice.weighted(&SOURCES);
    let (first, last) = (dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES));
    let (start, end) = (dice.pick(&COMPANY_STARTS), dice.pick(&COMPANY_ENDS));
    let host = format!("{start}-{end}").to_lowercase();
    let handed_over_at = handed_over_at(dice, setting, source, at);
    Lead {
        name: format!("{first} {last}"),
        company: format!("{start} {end}"),
        email: format!("{first}.{last}@{host}.example").to_lowercase(),
        phone: format!("+44 1632 96{:04}", dice.between(0, 9999)),
        title: dice.pick(&TITLES),
        territory: dice.between(0, TERRITORIES.len() as i64 - 1) as usize,
        campaign: dice.pick(source.campaigns),
        asset: dice.pick(source.assets),
        urgency: source.urgency,
        score: (source.reach * 120.0 + dice.within(0.0, 55.0)) as i64,
        source,
        created_at: at,
        handed_over_at,
        owner: None,
        assigned_at: None,
    }
}

/// At once where somebody waits for an answer; the rest is qualified first, and some of it kept.
fn handed_over_at(
    dice: &mut Dice,
    setting: &Setting,
    source: &Source,
    at: Instant,
) -> Option<Instant> {
    if source.urgency != Urgency::Content {
        return Some(at);
    }
    let days = dice.between(0, 4);
    let ready = at.plus_seconds(days * 86_400 + dice.between(60, 3600));
    let is_kept = dice.chance(0.12);
    (!is_kept && ready <= setting.now).then_some(ready)
}
