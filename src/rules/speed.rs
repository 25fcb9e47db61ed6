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
}
