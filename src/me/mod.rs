//! One's own page.
