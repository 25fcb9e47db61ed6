//! The ways from the table of habits to what explains its figures.

use crate::habit::explain::{self, Figure};
use crate::habit::{Filters, HabitRow};
use crate::people::Directory;

/// What explains each figure of a row; all empty where the row is of nobody and no team.
#[derive(Default)]
pub struct Hrefs {
    pub strength: String,
    pub consistency: String,
    pub hit: String,
    pub missed: String,
    pub neutral: String,
    pub streak: String,
    pub weeks: String,
    pub improvement: String,
    pub course: String,
}

impl Hrefs {
    fn new(filters: &Filters, whose: (&str, &str)) -> Hrefs {
        let days = (filters.from, filters.to);
        let to = |figure| explain::href(figure, whose, days, filters.as_of);
        Hrefs {
            strength: to(Figure::Strength),
            consistency: to(Figure::Consistency),
            hit: to(Figure::Hit),
            missed: to(Figure::Missed),
            neutral: to(Figure::Neutral),
            streak: to(Figure::Streak),
            weeks: to(Figure::WeeksStrength),
            improvement: to(Figure::Improvement),
            course: to(Figure::Course),
        }
    }

    /// Of a row: what somebody hides is not explained, and who is in no team today has no course.
    pub fn of(filters: &Filters, directory: &Directory, row: &HabitRow, is_member: bool) -> Hrefs {
        let person = row.person_id.and_then(|id| directory.person(id));
        let team = directory.teams.iter().find(|team| team.name == row.name);
        let mut hrefs = match (person, team) {
            (Some(person), _) => Hrefs::new(filters, ("person", &person.uid)),
            (None, Some(team)) => Hrefs::new(filters, ("team", &team.id.to_string())),
            (None, None) => Hrefs::default(),
        };
        if row.streak.is_none() || row.strength.is_none() {
            hrefs.streak.clear();
        }
        if !is_member {
            hrefs.improvement.clear();
            hrefs.course.clear();
        }
        hrefs
    }
}
