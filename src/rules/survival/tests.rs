use super::*;

fn observed(ends: &[(f64, End)]) -> Observed {
    let obs = ends.iter().map(|(t_s, end)| Obs {
        t_s: *t_s,
        end: *end,
    });
    Observed::new(&obs.collect::<Vec<_>>())
}

#[test]
fn of_nobody_there_is_nothing_to_say() {
    let none = observed(&[]);
    let curve = none.curve();
    assert_eq!(
        curve.at(5.0),
        Share {
            value: 1.0,
            band: None
        }
    );
    assert_eq!(curve.at_risk(0.0), 0);
    assert_eq!(curve.quantile(0.5).value_s, None);
    assert_eq!(curve.rmst(60.0), 60.0);
    let shares = none.competing().at(5.0);
    assert_eq!(
        (shares.event.value, shares.closed.value, shares.waiting),
        (0.0, 0.0, 1.0)
    );
    assert_eq!(shares.event.band(), None);
}

#[test]
fn a_closing_at_the_time_of_a_touch_competes_but_does_not_slow_the_touch() {
    let tied = observed(&[
        (5.0, End::Closed),
        (5.0, End::Event),
        (5.0, End::Open),
        (9.0, End::Open),
    ]);
    assert_eq!(tied.curve().at(5.0).value, 0.75);
    let shares = tied.competing().at(5.0);
    assert_eq!(
        (shares.event.value, shares.closed.value, shares.waiting),
        (0.25, 0.25, 0.5)
    );
}

#[test]
fn the_last_lead_at_risk_ends_the_curve_without_a_band() {
    let all = observed(&[(1.0, End::Event), (2.0, End::Event)]);
    assert_eq!(
        all.curve().at(2.0),
        Share {
            value: 0.0,
            band: None
        }
    );
    assert_eq!(all.curve().at(1e9).value, 0.0);
    assert_eq!(all.competing().at(2.0).event.band(), None);
    assert_eq!(all.curve().quantile(0.9).high_s, Some(2.0));
}

#[test]
fn a_touch_in_the_second_of_the_hand_over_counts_at_zero() {
    let instant = observed(&[(0.0, End::Event), (4.0, End::Open)]);
    assert_eq!(instant.curve().at(0.0).value, 0.5);
    assert_eq!(instant.curve().quantile(0.5).value_s, Some(0.0));
    assert_eq!(instant.competing().at(0.0).event.value, 0.5);
    assert_eq!(instant.curve().rmst(4.0), 2.0);
}

#[test]
fn forgotten_leads_do_not_make_a_team_look_fast() {
    let mut all = vec![(1.0, End::Event), (2.0, End::Event)];
    all.extend([(48.0, End::Open); 6]);
    let forgetful = observed(&all);
    assert_eq!(forgetful.curve().quantile(0.5).value_s, None);
    assert!(forgetful.curve().rmst(48.0) > 36.0);
}

#[test]
fn of_those_who_wait_the_band_is_that_of_a_curve_to_either_end() {
    let ends = [
        (1.0, End::Event),
        (2.0, End::Closed),
        (2.0, End::Open),
        (5.0, End::Event),
        (5.0, End::Closed),
        (8.0, End::Open),
        (9.0, End::Event),
    ];
    let either = ends.map(|(t_s, end)| match end {
        End::Open => (t_s, End::Open),
        _ => (t_s, End::Event),
    });
    let (both, either) = (observed(&ends).competing(), observed(&either).curve());
    for t_s in [0.0, 1.0, 2.0, 4.0, 5.0, 8.0, 9.0, 1e6] {
        let (shares, share) = (both.at(t_s), either.at(t_s));
        assert!((shares.waiting - share.value).abs() < 1e-12, "at {t_s}");
        match (shares.waiting_band(), share.band) {
            (None, None) => {}
            (Some((low, high)), Some((least, most))) => {
                assert!((low - least).abs() < 1e-12, "at {t_s}");
                assert!((high - most).abs() < 1e-12, "at {t_s}");
            }
            (one, other) => panic!("at {t_s}: {one:?} and {other:?}"),
        }
    }
    assert_eq!(both.at(0.5).waiting_band(), None);
    assert_eq!(both.at(9.0).waiting_band(), None);
}
