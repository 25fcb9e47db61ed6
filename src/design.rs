//! Every part of the pages in every state, to look at while a part is made or changed.

use crate::app::Cx;
use crate::charts::bars::{Bars, Fill, Row};
use crate::charts::spark::Spark;
use crate::charts::{LogAxis, Path, Plot, Stairs, Tick, share_ticks};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Link};
use askama::Template;

#[derive(Template)]
#[template(path = "design/page.html")]
struct DesignPage {
    frame: Frame,
    form: Form,
    kinds: Vec<(&'static str, &'static str)>,
    options: Vec<Choice>,
    links: Vec<Link>,
    carry: Vec<(String, String)>,
    stairs: Plot,
    bands: Bars,
    funnel: Bars,
    spark: Spark,
}

pub fn page(cx: &Cx) -> Answer {
    let mut form = Form::filled([("wrong", "twelve"), ("list", "b"), ("few", "b")]);
    form.refuse("wrong", "Enter an amount from 0 to 1,000,000.");
    let options = [("a", "The first"), ("b", "The second"), ("c", "The third")];
    let link = |(at, label): (usize, &str)| Link {
        href: "/design".to_owned(),
        label: label.to_owned(),
        current: at == 0,
    };
    page::show(&DesignPage {
        frame: Frame::new(cx, "Design"),
        kinds: vec![
            ("call", "Call"),
            ("email", "E-mail"),
            ("social", "Social touch"),
            ("text", "Text"),
            ("visit", "Visit"),
            ("meeting", "Meeting held"),
            ("referral", "Referral asked"),
            ("research", "Research note"),
        ],
        options: form.choices("list", options),
        links: ["This week", "Last week", "Month"]
            .into_iter()
            .enumerate()
            .map(link)
            .collect(),
        carry: Vec::new(),
        stairs: stairs(),
        bands: bands(),
        funnel: funnel(),
        spark: Spark::new(
            "Weeks: 12, 18, none, 25, 22, 30, 28, 34".to_owned(),
            &[12, 18, 0, 25, 22, 30, 28, 34].map(|n| (n > 0).then_some(f64::from(n))),
        ),
        form,
    })
}

fn stairs() -> Plot {
    const AXIS: LogAxis = LogAxis {
        from_s: 60.0,
        to_s: 604_800.0,
    };
    let steps = [
        (300.0, 0.2),
        (3_600.0, 0.48),
        (14_400.0, 0.7),
        (86_400.0, 0.83),
    ];
    let lines = Stairs::new(&AXIS, 0.0, steps).split(&AXIS, 259_200.0);
    let band = steps.map(|(t_s, share)| (t_s, (share - 0.08, share + 0.08)));
    let bands = Stairs::new(&AXIS, (0.0, 0.0), band).split(&AXIS, 259_200.0);
    let path = |class, d: Option<String>| d.map(|d| Path { class, d });
    let tick = |t_s: u32| Tick {
        at: AXIS.percent(f64::from(t_s)),
        label: page::duration(f64::from(t_s)),
        minor: false,
    };
    Plot {
        label: "Share of leads attempted within a time".to_owned(),
        about: "A sample: 48 % within 1 h, 83 % within 1 d.".to_owned(),
        x: [300, 3_600, 14_400, 86_400, 604_800].map(tick).into(),
        y: share_ticks(),
        limits: Vec::new(),
        paths: [
            path("curve-band", bands.0.map(|part| part.area())),
            path("curve-band curve-faint", bands.1.map(|part| part.area())),
            path("curve-event", lines.0.map(|part| part.line())),
            path("curve-event curve-faint", lines.1.map(|part| part.line())),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn bands() -> Bars {
    let row = |label: &str, share: f64, likely, fill| {
        Row::share(
            label.to_owned(),
            page::percent(share),
            share,
            Some(likely),
            fill,
        )
    };
    Bars {
        label: "Leads by waiting time".to_owned(),
        about: "A sample: most are attempted within an hour, a tenth never.".to_owned(),
        rows: vec![
            row("Up to 1 h", 0.48, (0.41, 0.55), Fill::Plain),
            row("1 h to 1 d", 0.35, (0.29, 0.42), Fill::Plain),
            row("Never: closed before", 0.09, (0.06, 0.13), Fill::Never),
            row(
                "Never so far: still waiting",
                0.08,
                (0.05, 0.12),
                Fill::Never,
            ),
        ],
    }
}

fn funnel() -> Bars {
    let step =
        |label: &str, figure: &str, share| Row::step(label.to_owned(), figure.to_owned(), share);
    Bars {
        label: "How far hand-overs came".to_owned(),
        about: "A sample: 214 handed over, 103 contacted, 12 won.".to_owned(),
        rows: vec![
            step("Handed over", "214", 1.0),
            step("Contacted", "103, 48.1 %", 0.481),
            step("Won", "12, 5.6 %", 0.056),
        ],
    }
}
