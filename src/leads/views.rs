//! The views of leads beside each other: one's own by section, those of nobody, and all.

use super::list::Options;
use super::mine::{Mine, Section, Whose};
use crate::form::{Choice, Form};
use crate::page::Link;
use crate::rules::access::{LOGGERS, Me, Role};
use crate::style;
use crate::urls;

/// What the page of leads shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Mine(Section, Whose),
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
            View::Mine(section, _) => section.word(),
            View::Queue => "unassigned",
            View::All => "all",
        }
    }

    pub fn address(self, me: &Me) -> String {
        let whose = match self {
            View::Mine(_, whose) if whose != Whose::of(me) => whose.word(),
            _ => "",
        };
        urls::with_query("/leads", &[("view", self.word()), ("whose", whose)])
    }

    /// The view that is asked for; `None` where it is for one's own leads to say.
    pub fn asked(form: &Form, me: &Me) -> Option<View> {
        let word = form.value("view");
        let section = Section::from_word(word).filter(|_| LOGGERS.allows(me.role));
        if let Some(section) = section {
            let whose = Whose::from_word(form.value("whose"));
            let whose = whose.filter(|whose| *whose == Whose::Own || !me.managed.is_empty());
            return Some(View::Mine(section, whose.unwrap_or_else(|| Whose::of(me))));
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

/// The ways to the same section of one's own leads and of the team's; none for who manages nobody.
pub fn sides(me: &Me, section: Section, current: Whose) -> Vec<Link> {
    let side = |(whose, label): (Whose, &str)| Link {
        href: View::Mine(section, whose).address(me),
        label: label.to_owned(),
        current: whose == current,
    };
    let sides = [(Whose::Team, "My team's"), (Whose::Own, "My own")];
    let sides = sides.into_iter().filter(|_| !me.managed.is_empty());
    sides.map(side).collect()
}

/// All views that somebody has.
pub fn tabs(me: &Me, current: View, tally: &Tally) -> Vec<Link> {
    let whose = match current {
        View::Mine(_, whose) => whose,
        _ => Whose::of(me),
    };
    let own = Section::ALL
        .iter()
        .map(|section| View::Mine(*section, whose));
    let own = own.filter(|_| LOGGERS.allows(me.role));
    let link = |view: View| {
        let (name, count) = match view {
            View::Mine(section, _) => (section.label(), tally.mine.map(|m| m.count(section))),
            View::Queue => ("Unassigned", tally.mine.map(|_| tally.queue)),
            View::All => ("All leads", None),
        };
        Link {
            href: view.address(me),
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
