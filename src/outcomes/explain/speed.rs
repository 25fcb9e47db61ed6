//! The figures of speed against outcome.

use crate::explain::{self, How};
use crate::outcomes::figures::{Step, Story};
use crate::outcomes::speed::{Stands, beside, is_never};
use crate::page;
use crate::rules::rates::Rate;
use crate::rules::speed::Bucket;
use crate::style;

/// What is asked of the hand-overs that were first tried within some time.
pub struct Figure {
    bucket: Bucket,
    what: What,
}

enum What {
    /// How many, and how many of them nobody tried.
    Count,
    Never,
    /// Which share had it.
    Had(Step),
    /// How much more often they are won than the slowest.
    Beside,
    /// How many are in no row, for standing so.
    LeftOut(Stands),
}

impl Figure {
    /// `speed-1h-n`, `speed-late-never`, `speed-24h-won`, `speed-4h-beside`, `speed-left-maturing`.
    pub fn read(word: &str) -> Option<Figure> {
        let (bucket, what) = word.strip_prefix("speed-")?.split_once('-')?;
        if bucket == "left" {
            let stands = match what {
                "given_back" => Stands::GivenBack,
                "maturing" => Stands::Maturing,
                _ => return None,
            };
            return Some(Figure {
                bucket: Bucket::Late,
                what: What::LeftOut(stands),
            });
        }
        let bucket = Bucket::from_word(bucket)?;
        let what = match what {
            "never" => What::Never,
            "beside" => What::Beside,
            step => match Step::from_word(step)? {
                Step::HandedOver => What::Count,
                step => What::Had(step),
            },
        };
        Some(Figure { bucket, what })
    }
}

impl explain::Figure for Figure {
    type Of = Story;

    fn label(&self) -> String {
        let first = format!("First tried {}", self.bucket.label());
        match self.what {
            What::Count => first,
            What::Never => format!("{first}: never tried"),
            What::Had(step) => format!("{first}: {}", step.label().to_lowercase()),
            What::Beside => format!("{first}: won, beside the slowest"),
            What::LeftOut(Stands::Maturing) => "Left out: maturing".to_owned(),
            What::LeftOut(_) => "Left out: given back before anybody tried them".to_owned(),
        }
    }

    fn meaning(&self) -> &'static str {
        match self.what {
            What::Count => {
                "Hand-overs by the time from the hand-over to the first attempt, by the calendar. Those that nobody tried \
                 stand with the slowest. Left out are those given back before anybody tried them, and those of which \
                 nothing can be concluded yet."
            }
            What::Never => "Of the slowest those that nobody has tried so far.",
            What::Had(_) => {
                "Hand-overs that ever had it, of those first tried in this time. Easy leads may also be called sooner."
            }
            What::Beside => {
                "How much more often those first tried in this time were won than those tried later than after a day or \
                 never. Easy leads may also be called sooner."
            }
            What::LeftOut(Stands::Maturing) => {
                "Hand-overs of which nothing can be concluded yet: open and not reached, and the time in which they should \
                 be is not over. They stand in no row of the table."
            }
            What::LeftOut(_) => {
                "Hand-overs that were rejected, returned to nurture or found to be there twice before anybody tried them: \
                 nobody was to call them. They stand in no row of the table."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            What::Count | What::Never | What::LeftOut(_) => "a count",
            What::Had(_) => "had it / all of this time, with Wilson's 95 % interval",
            What::Beside => {
                "share won - share won of the slowest, with Newcombe's 95 % interval; nothing under 10 in either"
            }
        }
    }

    fn place(&self, story: &Story) -> (How, String) {
        let stands = Stands::of(story);
        if let What::LeftOut(wanted) = self.what {
            let why = match stands {
                Stands::GivenBack => "given back before anybody tried it".to_owned(),
                Stands::Maturing => super::maturing().1,
                Stands::In(bucket) => format!("in the table: first tried {}", bucket.label()),
            };
            let how = match stands == wanted {
                true => How::Counted,
                false => How::LeftOut,
            };
            return (how, why);
        }
        let theirs = match stands {
            Stands::GivenBack => {
                return (
                    How::LeftOut,
                    "given back before anybody tried it".to_owned(),
                );
            }
            Stands::Maturing => return super::maturing(),
            Stands::In(theirs) => theirs,
        };
        let won = if story.had(Step::Won) {
            "won"
        } else {
            "not won"
        };
        match self.what {
            What::Beside if theirs == self.bucket => {
                return (How::Counted, format!("{}: {won}", theirs.label()));
            }
            What::Beside if theirs == Bucket::Late => {
                return (How::InWhole, format!("{}: {won}", theirs.label()));
            }
            _ => {}
        }
        if theirs != self.bucket {
            return (How::LeftOut, format!("first tried {}", theirs.label()));
        }
        let (is_so, words) = match self.what {
            What::Never => (is_never(story), "never tried".to_owned()),
            What::Had(step) => (story.had(step), step.label().to_lowercase()),
            _ => (true, "first tried then".to_owned()),
        };
        match is_so {
            true => (How::Counted, words),
            false => (How::InWhole, format!("not so: {}", super::standing(story))),
        }
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        match self.what {
            What::Count | What::LeftOut(_) => {
                let n = style::count(rate.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            What::Never => explain::count(rate),
            What::Had(_) => explain::share(rate),
            What::Beside => {
                let [own, slowest] = [self.bucket, Bucket::Late].map(|bucket| won(stories, bucket));
                let said = beside(own, slowest);
                let filled = format!(
                    "{} - {}: {}",
                    page::of(own),
                    page::of(slowest),
                    match said.sub.as_str() {
                        "" => "fewer than 10, too few to tell".to_owned(),
                        points => format!("{points}, likely {}", said.range),
                    }
                );
                (said.words, filled)
            }
        }
    }
}

fn won(stories: &[&Story], bucket: Bucket) -> Rate {
    let theirs = stories
        .iter()
        .filter(|s| Stands::of(s) == Stands::In(bucket));
    let (mut k, mut n) = (0, 0);
    for story in theirs {
        n += 1;
        k += u64::from(story.had(Step::Won));
    }
    Rate { k, n }
}

/// "Tried after 1 h 5 min; accepted, won".
pub fn stands(story: &Story) -> String {
    let tried = match story.first_attempt_s() {
        Some(wait_s) => format!("tried after {}", page::duration(wait_s)),
        None => "never tried".to_owned(),
    };
    match super::stands(story) {
        nothing if nothing.is_empty() => tried,
        had => format!("{tried}; {had}"),
    }
}
