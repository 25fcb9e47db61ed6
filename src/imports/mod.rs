//! Import of files: people, calendars, targets, leads, activities, events.
