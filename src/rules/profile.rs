//! What a lead's company is like: what territories and the score ask about (PRODUCT.md 5).

/// What is not known is empty. `post_code` and `country` are compared without regard to case and spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub country: String,
    pub region: String,
    pub post_code: String,
    /// How many people work there.
    pub employees: Option<u32>,
    pub segment: String,
}

impl Profile {
    pub fn is_empty(&self) -> bool {
        *self == Profile::default()
    }
}
