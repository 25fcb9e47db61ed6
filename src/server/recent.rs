//! Pages made a moment ago. Asked again by the same session, in the same minute, with nothing committed in between,
//! a steady page is the same: it is sent again as it is. Boards that refresh themselves ask for little else.

use super::incoming;
use crate::app::{App, Incoming};
use crate::page::Reply;
use crate::routes::Route;
use crate::value::Instant;
use actix_web::HttpRequest;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// All pages together are at most this large; when one more does not fit, it begins anew with that one.
const MOST_BYTES: usize = 16 << 20;

const MINUTE_US: i64 = 60_000_000;

/// What a page depends on besides who asks for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The database's, read before the page was made.
    version: String,
    minute: i64,
}

impl Moment {
    pub fn new(version: String, now: Instant) -> Moment {
        Moment {
            version,
            minute: now.0.div_euclid(MINUTE_US),
        }
    }
}

/// Who asks for what. A session that is ended, and a person who may no longer, are commits too: what was let through the
/// gate once in a moment is let through again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    pub session: String,
    pub path: String,
    pub query: String,
}

#[derive(Default)]
pub struct Recent {
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    at: Option<Moment>,
    bytes: usize,
    replies: HashMap<Asked, Reply>,
}

impl Recent {
    /// The page as it was made in the same moment.
    fn find(&self, moment: &Moment, asked: &Asked) -> Option<Reply> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match made.at.as_ref() == Some(moment) {
            true => made.replies.get(asked).cloned(),
            false => None,
        }
    }

    /// What is sent where the page of this moment is there: it, or that it is still the one that the browser has.
    pub fn again(
        &self,
        steady: Option<&(Moment, Asked)>,
        known_tag: Option<&str>,
    ) -> Option<Reply> {
        let (moment, asked) = steady?;
        Some(unless_known(self.find(moment, asked)?, known_tag))
    }

    /// Keeps a steady page; those of other moments go.
    pub fn keep(&self, moment: Moment, asked: Asked, reply: &Reply) {
        if reply.status != 200 {
            return;
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = reply.body.len();
        if made.at.as_ref() != Some(&moment) || made.bytes + bytes > MOST_BYTES {
            *made = Made {
                at: Some(moment),
                ..Made::default()
            };
        }
        if bytes <= MOST_BYTES {
            made.bytes += bytes;
            made.replies.insert(asked, reply.clone());
        }
    }
}

/// What a steady page depends on, where that can be told at ease: no other thread is needed to send it again.
pub async fn steady_at_ease(
    app: &App,
    route: Option<&Route>,
    request: &HttpRequest,
) -> Option<(Moment, Asked)> {
    route.filter(|route| route.is_steady && route.method == "GET")?;
    let asked = Asked {
        session: incoming::session(request)?,
        path: request.path().to_owned(),
        query: request.query_string().to_owned(),
    };
    let now = app.clock.now();
    Some((Moment::new(app.db.version_at_ease().await?, now), asked))
}

/// What a steady page depends on: when it is asked for, and by which session.
pub fn steady(app: &App, request: &Incoming, now: Instant) -> Option<(Moment, Asked)> {
    let asked = Asked {
        session: request.session.clone()?,
        path: request.path.clone(),
        query: request.query.clone(),
    };
    Some((Moment::new(app.db.version().ok()?, now), asked))
}

/// The page, or that it is still the one that the browser has.
pub fn unless_known(reply: Reply, known_tag: Option<&str>) -> Reply {
    match known_tag == reply.tag.as_deref() {
        true => Reply {
            status: 304,
            tag: reply.tag,
            ..Reply::default()
        },
        false => reply,
    }
}

/// A weak one, since what is sent may be compressed.
pub fn tag(body: &str) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Reply {
        Reply {
            status: 200,
            body: body.to_owned(),
            ..Reply::default()
        }
    }

    fn asked(session: i64) -> Asked {
        Asked {
            session: session.to_string(),
            path: "/team".to_owned(),
            query: String::new(),
        }
    }

    fn moment(version: &str, second: i64) -> Moment {
        Moment::new(version.to_owned(), Instant(second * 1_000_000))
    }

    fn body(recent: &Recent, moment: &Moment, person: i64) -> Option<String> {
        recent.find(moment, &asked(person)).map(|reply| reply.body)
    }

    #[test]
    fn a_page_is_sent_again_only_to_the_same_session_in_the_same_moment() {
        let recent = Recent::default();
        recent.keep(moment("7", 120), asked(1), &page("mine"));
        assert_eq!(body(&recent, &moment("7", 179), 1).as_deref(), Some("mine"));
        assert_eq!(body(&recent, &moment("7", 120), 2), None);
        assert_eq!(body(&recent, &moment("8", 120), 1), None);
        assert_eq!(body(&recent, &moment("7", 180), 1), None);
    }

    #[test]
    fn a_page_of_a_later_moment_drives_the_earlier_out() {
        let recent = Recent::default();
        recent.keep(moment("7", 0), asked(1), &page("old"));
        recent.keep(moment("8", 0), asked(2), &page("new"));
        assert_eq!(body(&recent, &moment("7", 0), 1), None);
        assert_eq!(body(&recent, &moment("8", 0), 2).as_deref(), Some("new"));
    }

    #[test]
    fn what_was_refused_is_not_kept() {
        let recent = Recent::default();
        let refused = Reply {
            status: 422,
            ..page("wrong")
        };
        recent.keep(moment("7", 0), asked(1), &refused);
        assert_eq!(body(&recent, &moment("7", 0), 1), None);
    }

    #[test]
    fn memory_is_bounded() {
        let recent = Recent::default();
        let large = page(&"x".repeat(MOST_BYTES / 2));
        for person in 0..5 {
            recent.keep(moment("7", 0), asked(person), &large);
        }
        let kept = (0..5).filter(|person| body(&recent, &moment("7", 0), *person).is_some());
        assert_eq!(kept.collect::<Vec<_>>(), [4]);
        let too_large = page(&"x".repeat(MOST_BYTES + 1));
        recent.keep(moment("7", 0), asked(9), &too_large);
        assert_eq!(body(&recent, &moment("7", 0), 9), None);
    }
}
