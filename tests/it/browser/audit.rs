//! What holds of every page, looked at in the browser: it fits, asks nobody else, complains of nothing, and keeps to
//! WCAG 2.2 at level AA as far as axe can tell.

use super::chromium::{Browser, setting};
use serde_json::json;
use std::sync::LazyLock;

/// The script of axe-core, which `tests/run` fetches.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let file = setting("TOUCHLINE_TEST_AXE").unwrap_or_default();
    std::fs::read_to_string(&file)
        .unwrap_or_else(|why| panic!("axe-core is not at {file:?} ({why}): use tests/run"))
});

/// What a bar covers is reached by scrolling: here bars stay where they are in the document, so that each target is
/// measured whole.
const UNSTICK: &str = "for (const bar of document.querySelectorAll('.top, .bar, .save-bar, .toast')) bar.style.position = 'static';";

/// Says each violation with the first element that has it. In the dark only colours can differ.
const JUDGE: &str = "
    const only = arguments[0] === 'colours'
        ? { runOnly: ['color-contrast'] }
        : { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
    return axe.run(document, only).then(({ violations }) =>
        violations.map(v => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary ?? ''}`));";

/// How much of the page moved while it was drawn; a tenth is what people begin to notice (web.dev/articles/cls).
const MOVED: &str = "return new Promise((resolve) => {
    let moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((one) => { moved += one.value; }))
        .observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(moved > 0.1 ? [`${moved} of it moved`] : [])));
});";

const ELSEWHERE: &str = "return performance.getEntriesByType('resource').map(one => one.name)
    .filter(name => new URL(name).origin !== location.origin);";

impl Browser {
    /// Light or dark, at once and not by and by.
    pub fn dress(&self, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    pub fn turn_scripts_off(&self) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({"value": true}),
        );
    }

    /// What the focus is on, in words.
    pub fn focus(&self) -> String {
        let focus = self.script("return document.activeElement.innerText", &[]);
        focus
            .and_then(|focus| focus.convert())
            .expect("something has it")
    }

    /// Follows a link that leads to the phone, and is back after the call.
    pub fn calls_and_comes_back(&self, number: &str) {
        let script = "
            const link = [...document.querySelectorAll('a[href^=\"tel:\"]')].find(one => one.innerText === arguments[0]);
            link.addEventListener('click', event => event.preventDefault(), { once: true });
            link.click();
            dispatchEvent(new Event('blur'));
            dispatchEvent(new Event('focus'));";
        self.script(script, &[number]).expect("the call is made");
    }

    /// Follows a way of the navigation, which a phone has in a menu.
    pub fn goes_to(&mut self, place: &str) {
        let ways = "return document.readyState !== 'complete' ? [] :
            [...document.querySelectorAll('nav a, nav button, .menu-open')]
            .filter(one => one.checkVisibility()).map(one => one.innerText.trim());";
        let is_in_menu = self.wait(|| {
            let ways = self.list(ways, "");
            let shows = |words: &str| ways.iter().any(|way| way.starts_with(words));
            match (shows(place), shows("Menu")) {
                (true, _) => Some(false),
                (false, true) => Some(true),
                _ => None,
            }
        });
        if is_in_menu.expect("a navigation") {
            self.tap("Menu");
        }
        self.tap(place);
    }

    fn list(&self, script: &str, argument: &str) -> Vec<String> {
        let found = self.script(script, &[argument]);
        let found = found.and_then(|found| found.convert());
        found.unwrap_or_else(|why| panic!("the browser looks: {why}"))
    }

    /// What is wrong with the page by its look, each in a sentence.
    pub fn faults(&self) -> Vec<String> {
        let elsewhere = self.list(ELSEWHERE, "");
        let elsewhere = elsewhere.into_iter().map(|name| format!("it asks {name}"));
        elsewhere.chain(self.too_wide()).collect()
    }

    /// How much of it moved, where that is too much. It takes scripts to tell.
    pub fn unrest(&self) -> Vec<String> {
        self.list(MOVED, "")
    }

    /// What axe finds, in light and in the dark.
    pub fn axe_faults(&self) -> Vec<String> {
        self.script(UNSTICK, &[]).expect("the bars stay");
        self.script(&AXE, &[]).expect("axe is read");
        self.dress("light");
        let mut found = self.list(JUDGE, "all");
        self.dress("dark");
        let dark = self.list(JUDGE, "colours").into_iter();
        found.extend(dark.map(|fault| format!("in the dark: {fault}")));
        self.dress("light");
        found
    }
}
