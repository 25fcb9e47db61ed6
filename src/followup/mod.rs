//! Follow-up speed: how fast leads are touched.
