//! The kinds of files, their columns, and where a file has each.

use super::file::Table;
use super::report::{FileReport, Problem};
use std::collections::BTreeMap;

crate::words! {
    /// What a file holds, in the order in which files are read: later ones may name what earlier ones bring.
    pub enum Kind {
        People = "people", Calendar = "calendar", Holidays = "holidays", TimeOff = "time_off",
        Targets = "targets", Leads = "leads", Activities = "activities", LeadEvents = "lead_events",
    }
}

/// A column, and whether each row needs it.
#[derive(Debug, Clone, Copy)]
pub struct ColumnRule {
    pub name: &'static str,
    pub is_required: bool,
}

impl Kind {
    /// The kind of a file of this name: `leads.csv`.
    pub fn of_file_name(name: &str) -> Option<Kind> {
        let lower = name.to_lowercase();
        Kind::from_word(lower.strip_suffix(".csv")?)
    }

    /// The columns of IMPORT.md, in its order.
    pub fn columns(self) -> impl Iterator<Item = ColumnRule> {
        let (required, optional) = self.column_names();
        let rule = |is_required| move |name| ColumnRule { name, is_required };
        let required = required.split_whitespace().map(rule(true));
        required.chain(optional.split_whitespace().map(rule(false)))
    }

    /// The names of the required columns and of the optional ones.
    fn column_names(self) -> (&'static str, &'static str) {
        match self {
            Kind::People => ("email name", "role team time_zone"),
            Kind::Calendar => ("time_zone weekday opens closes", "team email"),
            Kind::Holidays => ("date", "name team"),
            Kind::TimeOff => ("email from to", "part"),
            Kind::Targets => (
                "metric amount period",
                "email team valid_from weekdays reason",
            ),
            Kind::Leads => (
                "external_id name created_at",
                "company email phone title territory source campaign asset urgency score amount currency \
                 handed_over_at state assigned_at owner_email note country region post_code employees segment",
            ),
            Kind::Activities => (
                "external_id person_email kind happened_at",
                "lead_external_id outcome technique quantity entered_at with_email asset note",
            ),
            Kind::LeadEvents => (
                "lead_external_id at event",
                "reason by_email owner_email amount currency note",
            ),
        }
    }
}

/// Which column of the file is which of ours, where the header's own names do not say it: ours to the file's.
/// An empty name says that the file has no such column.
pub type Mapping = BTreeMap<String, String>;

/// Where a row has one of our columns.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub at: Option<usize>,
}

/// Where a file has each of its kind's columns.
#[derive(Debug)]
pub struct Layout {
    columns: Vec<Column>,
    /// How many cells a row has.
    pub width: usize,
}

impl Layout {
    /// Finds the columns by name; what is missing or doubled becomes a fault of the file, what is unknown a warning.
    pub fn find(table: &Table, kind: Kind, mapping: &Mapping, report: &mut FileReport) -> Layout {
        let names: Vec<String> = table.header.iter().map(|name| plain(name)).collect();
        let mut columns = Vec::new();
        for rule in kind.columns() {
            let at = match mapping.get(rule.name) {
                Some(theirs) => table
                    .header
                    .iter()
                    .position(|name| !name.is_empty() && name == theirs),
                None => names.iter().position(|name| name == rule.name),
            };
            if at.is_none() && rule.is_required {
                let needed: Vec<_> = kind
                    .columns()
                    .filter(|r| r.is_required)
                    .map(|r| r.name)
                    .collect();
                report.faults.push(Problem::of_line(
                    1,
                    format!(
                        "the column {} is missing; {kind}.csv needs {}",
                        rule.name,
                        needed.join(", ")
                    ),
                ));
            }
            let is_twice = names.iter().filter(|name| *name == rule.name).count() > 1;
            if is_twice && !mapping.contains_key(rule.name) {
                report.faults.push(Problem::of_line(
                    1,
                    format!("the column {} is there twice", rule.name),
                ));
            }
            columns.push(Column {
                name: rule.name,
                at,
            });
        }
        for (at, name) in table.header.iter().enumerate() {
            if !name.is_empty() && columns.iter().all(|column| column.at != Some(at)) {
                report.warn(1, format!("the column {name} is unknown and left out"));
            }
        }
        Layout {
            columns,
            width: table.header.len(),
        }
    }

    /// A column of the kind; one that the kind does not have is absent.
    pub fn column(&self, name: &'static str) -> Column {
        let found = self.columns.iter().find(|column| column.name == name);
        found.copied().unwrap_or(Column { name, at: None })
    }
}

/// `External ID` as `external_id`.
pub fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(header: &str, mapping: &[(&str, &str)]) -> (Layout, FileReport) {
        let mut report = FileReport::default();
        let table = Table::read(header.as_bytes()).unwrap();
        let mapping = mapping
            .iter()
            .map(|(a, b)| (a.to_string(), b.to_string()))
            .collect();
        let layout = Layout::find(&table, Kind::People, &mapping, &mut report);
        (layout, report)
    }

    #[test]
    fn columns_stand_in_any_order_and_unknown_ones_are_reported() {
        let (found, report) = layout("Shoe size,NAME,E-mail,email", &[]);
        assert!(report.faults.is_empty());
        assert_eq!(
            (found.column("name").at, found.column("email").at),
            (Some(1), Some(3))
        );
        assert_eq!(found.column("team").at, None);
        assert_eq!(report.warnings.len(), 2);
    }

    #[test]
    fn a_missing_or_doubled_column_is_named() {
        let (_, report) = layout("email,team,team", &[]);
        let texts: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert!(
            texts[0].contains("the column name is missing; people.csv needs email, name"),
            "{texts:?}"
        );
        assert!(texts[1].contains("team is there twice"), "{texts:?}");
    }

    #[test]
    fn a_mapping_says_which_column_is_meant() {
        let (found, report) = layout(
            "Adres,Naam,team",
            &[("email", "Adres"), ("name", "Naam"), ("team", "")],
        );
        assert!(report.faults.is_empty(), "{report:?}");
        assert_eq!(
            (found.column("email").at, found.column("team").at),
            (Some(0), None)
        );
    }

    #[test]
    fn a_file_says_by_its_name_what_it_holds() {
        assert_eq!(Kind::of_file_name("time_off.csv"), Some(Kind::TimeOff));
        assert_eq!(Kind::of_file_name("Leads.CSV"), Some(Kind::Leads));
        for other in [
            "leads.csv.rejected.csv",
            "leads.xlsx",
            "my-leads.csv",
            "leads",
            ".csv",
        ] {
            assert_eq!(Kind::of_file_name(other), None);
        }
    }
}
