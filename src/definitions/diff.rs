//! What changed between two texts, line by line, with the changed words told apart.

use similar::{ChangeTag, DiffTag, TextDiff};

/// Whether a line came, went or stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Same,
    Gone,
    New,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub fate: Fate,
    pub parts: Vec<Part>,
}

/// Some words of a line; those that changed are emphasised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub is_changed: bool,
}

impl Line {
    fn whole(fate: Fate, text: &str) -> Line {
        let part = Part {
            text: text.to_owned(),
            is_changed: false,
        };
        Line {
            fate,
            parts: vec![part],
        }
    }

    pub fn is_new(&self) -> bool {
        self.fate == Fate::New
    }

    pub fn is_gone(&self) -> bool {
        self.fate == Fate::Gone
    }
}

/// The lines of both texts in order. A line that was rewritten stands twice: as it was and as it is.
pub fn lines(before: &[String], after: &[String]) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        before.iter().map(String::as_str).collect(),
        after.iter().map(String::as_str).collect(),
    );
    let diff = TextDiff::from_slices(&old, &new);
    let mut all = Vec::new();
    for op in diff.ops() {
        let (tag, from, to) = op.as_tag_tuple();
        let whole = |fate: Fate, lines: &[&str]| -> Vec<Line> {
            lines.iter().map(|line| Line::whole(fate, line)).collect()
        };
        match tag {
            DiffTag::Equal => all.extend(whole(Fate::Same, &old[from])),
            DiffTag::Delete => all.extend(whole(Fate::Gone, &old[from])),
            DiffTag::Insert => all.extend(whole(Fate::New, &new[to])),
            DiffTag::Replace => all.extend(rewritten(&old[from], &new[to])),
        }
    }
    all
}

/// The first of the old lines beside the first of the new ones, and so on; what is left over came or went whole.
fn rewritten(old: &[&str], new: &[&str]) -> Vec<Line> {
    let paired = old.len().min(new.len());
    let mut lines = Vec::new();
    for (before, after) in old.iter().zip(new) {
        let diff = TextDiff::from_words(*before, *after);
        for (fate, other) in [
            (Fate::Gone, ChangeTag::Insert),
            (Fate::New, ChangeTag::Delete),
        ] {
            let changes = diff.iter_all_changes().filter(|c| c.tag() != other);
            let mut parts: Vec<Part> = Vec::new();
            for change in changes {
                let is_changed = change.tag() != ChangeTag::Equal;
                match parts.last_mut() {
                    Some(last) if last.is_changed == is_changed => {
                        last.text.push_str(change.value());
                    }
                    _ => parts.push(Part {
                        text: change.value().to_owned(),
                        is_changed,
                    }),
                }
            }
            lines.push(Line { fate, parts });
        }
    }
    lines.extend(old[paired..].iter().map(|l| Line::whole(Fate::Gone, l)));
    lines.extend(new[paired..].iter().map(|l| Line::whole(Fate::New, l)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &[&str], after: &[&str]) -> Vec<String> {
        let owned = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        let line = |line: Line| {
            let sign = match line.fate {
                Fate::Same => ' ',
                Fate::Gone => '-',
                Fate::New => '+',
            };
            let parts = line.parts.iter().map(|part| match part.is_changed {
                true => format!("[{}]", part.text),
                false => part.text.clone(),
            });
            format!("{sign}{}", parts.collect::<String>())
        };
        lines(&owned(before), &owned(after))
            .into_iter()
            .map(line)
            .collect()
    }

    #[test]
    fn a_rewritten_line_stands_as_it_was_and_as_it_is_with_its_changed_words() {
        assert_eq!(
            told(
                &["Hot", "accept within 15 min", "end"],
                &["Hot", "accept within 30 min", "end"]
            ),
            [
                " Hot",
                "-accept within [15] min",
                "+accept within [30] min",
                " end"
            ]
        );
    }

    #[test]
    fn lines_come_and_go_whole() {
        assert_eq!(told(&["a", "b"], &["a"]), [" a", "-b"]);
        assert_eq!(told(&["a"], &["a", "b"]), [" a", "+b"]);
        assert_eq!(told(&["same"], &["same"]), [" same"]);
        assert_eq!(told(&[], &[]), Vec::<String>::new());
    }
}
