//! Whether a file names somebody, in whatever character set it was saved.

use crate::audit::store::has_words;
use crate::leads::phone_digits;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::borrow::Cow;

/// So many digits are a number of one's own.
const TELLING_DIGITS: usize = 6;

/// What somebody is known by.
pub struct Named {
    /// In lower case.
    words: Vec<String>,
    digits: String,
}

impl Named {
    /// By names and addresses as they are written, and by a phone number however it is written.
    pub fn new(words: &[String], phone: &str) -> Named {
        let words = words.iter().filter(|words| !words.is_empty());
        let digits = phone_digits(phone);
        Named {
            words: words.map(|words| words.to_lowercase()).collect(),
            digits: match digits.len() < TELLING_DIGITS {
                true => String::new(),
                false => digits,
            },
        }
    }

    pub fn is_in(&self, content: &[u8]) -> bool {
        let text = read(content).to_lowercase();
        let has_phone = || text.lines().any(|line| self.is_called_in(line));
        self.words.iter().any(|words| has_words(&text, words)) || has_phone()
    }

    fn is_called_in(&self, line: &str) -> bool {
        !self.digits.is_empty() && phone_digits(line).contains(&self.digits)
    }
}

/// As the import reads it: by its mark, as UTF-8, else as Windows-1252.
fn read(content: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(content) {
        return encoding.decode(content).0;
    }
    match std::str::from_utf8(content) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(content).0,
    }
}

#[cfg(test)]
mod tests {
    use super::Named;

    #[test]
    fn a_name_is_found_in_whatever_a_spreadsheet_saved() {
        let named = Named::new(&["Jörg Öztürk".to_owned()], "+49 30 1234567");
        let text = "L1;Jörg Öztürk;1\n";
        assert!(named.is_in(text.as_bytes()));
        let (windows, ..) = encoding_rs::WINDOWS_1252.encode(text);
        assert!(named.is_in(&windows));
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert!(named.is_in(&wide));
        assert!(named.is_in(b"L1,Somebody,(+49) 30/12345-67\n"));
        assert!(!named.is_in(b"L1,Somebody,+49 30 7654321\n"));
        assert!(!Named::new(&[], "110").is_in(b"L1,Somebody,110\n"));
    }
}
