//! A sentence whose figures lead to what explains them.

/// A figure in a sentence with the words around it, and the address that explains it; empty where nothing does.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub before: String,
    pub figure: String,
    pub after: String,
    pub href: String,
}

impl Said {
    /// The words of a sentence.
    pub fn words(all: &[Said]) -> String {
        let words = all
            .iter()
            .flat_map(|said| [&said.before, &said.figure, &said.after]);
        words.map(String::as_str).collect()
    }
}
