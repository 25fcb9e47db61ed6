//! The views of leads beside each other: one's own by section, those of nobody, and all.

use super::list::Options;
use super::mine::{Mine, Section};
use crate::form::{Choice, Form};
use crate::page::Link;
use crate::rules::access::{LOGGERS, Me, Role};
use crate::style;

/// What the page of leads shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Mine(Section),
    /// Open leads that nobody owns.
    Queue,
    All,
}

/// What is counted beside the names of views; without counts where they would cost more than the page.
#[derive(Default)]
pub struct Tally<'m> {
    pub mine: Option<&'m Mine>,
    pub queue: i64,
}

impl View {
    fn word(self) -> &'static str {
        match self {
            View::Mine(section) => section.word(),
            View::Queue => "unassigned",
            View::All => "all",
        }
    }

    /// The view that is asked for; `None` where it is for one's own leads to say.
    pub fn asked(form: &Form, me: &Me) -> Option<View> {
        let word = form.value("view");
        let section = Section::from_word(word).filter(|_| LOGGERS.allows(me.role));
        if let Some(section) = section {
            return Some(View::Mine(section));
        }
        let is_plain = super::pages::FILTERS
            .iter()
            .all(|name| form.value(name).is_empty());
        match word {
            "unassigned" => Some(View::Queue),
            "" if is_plain && me.role == Role::Rep => None,
            _ => Some(View::All),
        }
    }
}

/// All views that somebody has.
pub fn tabs(me: &Me, current: View, tally: &Tally) -> Vec<Link> {
    let own = Section::ALL.iter().map(|section| View::Mine(*section));
    let own = own.filter(|_| LOGGERS.allows(me.role));
    let link = |view: View| {
        let (name, count) = match view {
            View::Mine(section) => (section.label(), tally.mine.map(|m| m.count(section))),
            View::Queue => ("Unassigned", tally.mine.map(|_| tally.queue)),
            View::All => ("All leads", None),
        };
        Link {
            href: format!("/leads?view={}", view.word()),
            label: match count {
                Some(count) if count > 0 => format!("{name} {}", style::count(count)),
                _ => name.to_owned(),
            },
            current: view == current,
        }
    };
    own.chain([View::Queue, View::All]).map(link).collect()
}

/// To whom somebody may give leads, with a first entry that chooses nobody.
pub fn receivers(options: &Options, me: &Me) -> Vec<Choice> {
    let owners = options.owners.iter().filter(|person| {
        person.left_on.is_none() && person.role != Role::Marketing && person.id != me.id
    });
    let each = owners.map(|person| (person.uid.clone(), person.name.clone()));
    let none = [(String::new(), "Choose an owner".to_owned())];
    let myself = [("me".to_owned(), "Me".to_owned())];
    Form::default().choices("owner", none.into_iter().chain(myself).chain(each))
}
