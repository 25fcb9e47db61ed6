//! The bands of waiting times that people compare (PRODUCT.md 7, "Follow-up speed").

crate::words! {
    /// How long the first attempt took, by the calendar; the upper end belongs to the band.
    pub enum Band {
        FiveMinutes = "5min", QuarterHour = "15min", Hour = "1h", FourHours = "4h", EightHours = "8h", Day = "24h",
        ThreeDays = "3d", Longer = "longer",
        /// No attempt so far.
        Never = "never",
    }
}

impl Band {
    pub fn label(self) -> &'static str {
        match self {
            Band::FiveMinutes => "0-5 min",
            Band::QuarterHour => "5-15 min",
            Band::Hour => "15-60 min",
            Band::FourHours => "1-4 h",
            Band::EightHours => "4-8 h",
            Band::Day => "8-24 h",
            Band::ThreeDays => "1-3 d",
            Band::Longer => "over 3 d",
            Band::Never => "never",
        }
    }

    /// Its last second; the last band has none, nor has never.
    pub fn end_s(self) -> Option<f64> {
        match self {
            Band::FiveMinutes => Some(300.0),
            Band::QuarterHour => Some(900.0),
            Band::Hour => Some(3_600.0),
            Band::FourHours => Some(14_400.0),
            Band::EightHours => Some(28_800.0),
            Band::Day => Some(86_400.0),
            Band::ThreeDays => Some(259_200.0),
            Band::Longer | Band::Never => None,
        }
    }

    /// The band of a waiting time in seconds; `None` where there was no attempt.
    pub fn of(wait_s: Option<f64>) -> Band {
        let Some(wait_s) = wait_s else {
            return Band::Never;
        };
        let mut all = Band::ALL.iter().copied();
        let within = all.find(|band| band.end_s().is_some_and(|end_s| wait_s <= end_s));
        within.unwrap_or(Band::Longer)
    }
}

crate::words! {
    /// The times of a first touch beside which outcomes are told. Source: METRICS.md 7, "Speed vs outcome".
    pub enum Bucket {
        Hour = "1h", FourHours = "4h", Day = "24h",
        /// Later, or not so far.
        Late = "late",
    }
}

impl Bucket {
    /// As a sentence goes on.
    pub fn label(self) -> &'static str {
        match self {
            Bucket::Hour => "within 1 h",
            Bucket::FourHours => "within 1 to 4 h",
            Bucket::Day => "within 4 to 24 h",
            Bucket::Late => "later than after 24 h, or never",
        }
    }

    /// As a row is called.
    pub fn title(self) -> &'static str {
        match self {
            Bucket::Hour => "Within 1 h",
            Bucket::FourHours => "1 to 4 h",
            Bucket::Day => "4 to 24 h",
            Bucket::Late => "Over 24 h, or never",
        }
    }

    /// Of the calendar seconds from the hand-over to the first attempt; `None` where there was none.
    pub fn of(wait_s: Option<f64>) -> Bucket {
        match Band::of(wait_s) {
            Band::FiveMinutes | Band::QuarterHour | Band::Hour => Bucket::Hour,
            Band::FourHours => Bucket::FourHours,
            Band::EightHours | Band::Day => Bucket::Day,
            Band::ThreeDays | Band::Longer | Band::Never => Bucket::Late,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_band_belongs_to_it() {
        for (wait_s, band) in [
            (Some(0.0), Band::FiveMinutes),
            (Some(300.0), Band::FiveMinutes),
            (Some(300.5), Band::QuarterHour),
            (Some(259_200.0), Band::ThreeDays),
            (Some(259_201.0), Band::Longer),
            (None, Band::Never),
        ] {
            assert_eq!(Band::of(wait_s), band, "{wait_s:?}");
        }
    }

    #[test]
    fn who_was_never_tried_stands_with_the_slowest() {
        for (wait_s, bucket) in [
            (Some(0.0), Bucket::Hour),
            (Some(3_600.0), Bucket::Hour),
            (Some(3_600.5), Bucket::FourHours),
            (Some(14_400.0), Bucket::FourHours),
            (Some(86_400.0), Bucket::Day),
            (Some(86_400.5), Bucket::Late),
            (None, Bucket::Late),
        ] {
            assert_eq!(Bucket::of(wait_s), bucket, "{wait_s:?}");
        }
    }
}
