//! The forms with which people say something about a lead: ask, answer, dispute, settle, rate.

use super::Story;
use super::timeline::Names;
use crate::app::Cx;
use crate::form::{Choice, Form};
use crate::lists::List;
use crate::people::Person;
use crate::rules::access::{Me, Role};
use crate::talk::{Reply, Talk, rating_of};
use crate::value::Instant;

/// What somebody is about to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    Ask,
    /// Answers the question with this uid.
    Answer(String),
    /// Disputes, or settles the dispute of, the rejection at this place.
    Dispute(i64),
    Settle(i64),
    Rate,
}

impl Say {
    /// From the address of a lead's page: `ask`, `rate`, `answer:UID`, `dispute:ID`, `settle:ID`.
    pub fn from_words(words: &str) -> Option<Say> {
        let (what, which) = words.split_once(':').unwrap_or((words, ""));
        match what {
            "ask" => Some(Say::Ask),
            "rate" => Some(Say::Rate),
            "answer" => Some(Say::Answer(which.to_owned())),
            "dispute" => which.parse().ok().map(Say::Dispute),
            "settle" => which.parse().ok().map(Say::Settle),
            _ => None,
        }
    }
}

/// The form; lists that it does not ask for are empty.
pub struct SayForm {
    pub title: &'static str,
    pub action: String,
    /// What goes with it unseen.
    pub hidden: Vec<(&'static str, String)>,
    /// What is replied to, for the reader.
    pub about: String,
    pub text: &'static str,
    pub hint: &'static str,
    pub verdicts: Vec<Choice>,
    pub stars: Vec<Choice>,
    /// What may have landed.
    pub assets: Vec<String>,
    pub tell: Vec<Choice>,
    pub submit: &'static str,
}

/// The form of what is to be said, and what stands in it; nothing where it cannot be said any more.
pub fn open(
    cx: &Cx,
    me: &Me,
    (story, talk, names): (&Story, &Talk, &Names),
    say: &Say,
    form: &mut Form,
) -> Option<SayForm> {
    let uid = &story.lead.uid;
    match say {
        Say::Ask => Some(SayForm {
            hidden: vec![("id", new_id(form))],
            hint: "Whoever may see the lead can read it.",
            tell: readers(cx, me, story, names, form),
            ..SayForm::new(uid, "Ask a question", "questions", "Question", "Ask")
        }),
        Say::Answer(question) => {
            let mut threads = talk.threads.iter();
            let thread = threads.find(|t| t.question.remark.uid == *question);
            thread.map(|thread| SayForm {
                hidden: vec![("id", new_id(form)), ("question", question.clone())],
                about: match thread.question.is_taken_back {
                    true => String::new(),
                    false => thread.question.remark.text.clone(),
                },
                tell: readers(cx, me, story, names, form),
                ..SayForm::new(uid, "Answer", "questions", "Answer", "Answer")
            })
        }
        Say::Dispute(event) => dispute(uid, talk, *event),
        Say::Settle(event) => settle(uid, talk, *event, form),
        Say::Rate => {
            fill_rating(story, talk, names, form);
            story.handover().map(|_| SayForm {
                stars: form.choices("stars", STARS),
                assets: assets(names),
                hint: "Marketing reads it.",
                ..SayForm::new(uid, "Rate this lead", "rating", "Note", "Save")
            })
        }
    }
}

impl SayForm {
    /// A form that asks for a text and nothing more.
    fn new(
        lead_uid: &str,
        title: &'static str,
        path: &str,
        text: &'static str,
        submit: &'static str,
    ) -> SayForm {
        SayForm {
            title,
            action: format!("/leads/{lead_uid}/{path}"),
            hidden: Vec::new(),
            about: String::new(),
            text,
            hint: "",
            verdicts: Vec::new(),
            stars: Vec::new(),
            assets: Vec::new(),
            tell: Vec::new(),
            submit,
        }
    }
}

fn dispute(uid: &str, talk: &Talk, event: i64) -> Option<SayForm> {
    let rejection = talk.rejections.iter().find(|r| r.event_id == event)?;
    Some(SayForm {
        hidden: vec![
            ("event", event.to_string()),
            ("reply", Reply::Disputed.word().to_owned()),
        ],
        about: rejection.reason.clone(),
        hint: "Sales decides: say what they should know.",
        ..SayForm::new(
            uid,
            "Dispute the rejection",
            "answer",
            "Why it is wrong",
            "Dispute",
        )
    })
}

fn settle(uid: &str, talk: &Talk, event: i64, form: &Form) -> Option<SayForm> {
    let rejection = talk.rejections.iter().find(|r| r.event_id == event)?;
    let said = rejection.answer.as_ref()?;
    Some(SayForm {
        hidden: vec![("event", event.to_string())],
        about: said.text.clone(),
        verdicts: form.choices("reply", verdicts()),
        hint: "Marketing reads it.",
        ..SayForm::new(
            uid,
            "Settle the dispute",
            "settle",
            "Your word on it",
            "Settle",
        )
    })
}

const STARS: [(&str, &str); 5] = [
    ("5", "5, excellent"),
    ("4", "4, good"),
    ("3", "3, fair"),
    ("2", "2, weak"),
    ("1", "1, useless"),
];

fn verdicts() -> [(&'static str, &'static str); 2] {
    [
        (Reply::Upheld.word(), "The rejection stands"),
        (
            Reply::Withdrawn.word(),
            "Withdraw it: the lead comes back as handed over",
        ),
    ]
}

/// A form that was sent keeps its id, so that what is sent twice is stored once.
fn new_id(form: &mut Form) -> String {
    form.set_default("id", uuid::Uuid::now_v7().to_string());
    form.value("id").to_owned()
}

fn fill_rating(story: &Story, talk: &Talk, names: &Names, form: &mut Form) {
    let rating = story
        .handover()
        .and_then(|h| rating_of(&talk.ratings, &story.handovers, h));
    let Some(rating) = rating.filter(|_| !form.has("stars") && !form.has("landed")) else {
        return;
    };
    form.set_default("stars", rating.stars.to_string());
    form.set_default("landed", landed(rating.asset_id, &rating.landed, names));
    form.set_default("text", rating.note.clone());
}

/// What landed, by name.
pub fn landed(asset_id: Option<i64>, words: &str, names: &Names) -> String {
    match asset_id {
        Some(_) => names.label(asset_id).to_owned(),
        None => words.to_owned(),
    }
}

fn assets(names: &Names) -> Vec<String> {
    let assets = names
        .lists
        .labels_of(List::Asset)
        .filter(|asset| !asset.is_retired);
    assets.map(|asset| asset.name.clone()).collect()
}

/// Who may see the lead, and so may be named: marketing, admins, its owner and the managers of the owner's teams.
fn readers(cx: &Cx, me: &Me, story: &Story, names: &Names, form: &Form) -> Vec<Choice> {
    let people = who_may_read(story, names, me, cx.now).into_iter();
    form.choices("tell", people.map(|p| (p.uid.clone(), p.name.clone())))
}

/// The people who may see a lead, the asker aside; by name.
pub fn who_may_read<'n>(story: &Story, names: &'n Names, me: &Me, now: Instant) -> Vec<&'n Person> {
    let directory = &names.directory;
    let today = directory.workspace.zone.day_of(now);
    let owner = story.lead.owner_id;
    let teams = owner.map(|owner| directory.teams_of(owner, today));
    let teams = teams.unwrap_or_default();
    let manages = |person: &Person| {
        let mut theirs = directory.memberships_of(person.id);
        theirs.any(|m| m.holds_on(today) && (owner.is_none() || teams.contains(&m.team_id)))
    };
    let may_read = |person: &&Person| match person.role {
        Role::Admin | Role::Marketing => true,
        Role::Manager => owner == Some(person.id) || manages(person),
        Role::Rep => owner == Some(person.id) || owner.is_none(),
    };
    let here = directory
        .people
        .iter()
        .filter(|p| p.left_on.is_none() && p.id != me.id);
    here.filter(may_read).collect()
}
