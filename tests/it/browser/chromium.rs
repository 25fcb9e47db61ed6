//! Chromium without a window, driven through ChromeDriver.

use crate::world::World;
use actix_web::rt::Runtime;
use actix_web::web::Bytes;
use serde_json::json;
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::common::print::PrintParameters;
use thirtyfour::prelude::*;
use thirtyfour::session::http::{Body, HttpClient};
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use ureq::http::{Request, Response};

/// A browser with one window. What a script or the policy complains about fails the journey.
pub struct Browser {
    runtime: Runtime,
    driver: WebDriver,
    origin: String,
    /// The beginning of its pictures' names.
    name: String,
    taps: usize,
}

/// A server of ChromeDriver's, with the folder in which Chromium keeps its things.
struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
}

/// Flags that let it run anywhere, and keep it from looking for its maker's servers.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// How long a page may take to say something.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// What somebody sits before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 360 × 740, with fingers.
    Phone,
    /// The same, set to dark.
    PhoneAtNight,
    /// 1280 × 900, with mouse and keys.
    Desk,
}

fn start(runtime: &Runtime, screen: Screen) -> WebDriverResult<(Driver, WebDriver)> {
    let server = Driver::start();
    let url = format!("http://127.0.0.1:{}", server.port);
    let wanted = capabilities(&server.profile, screen)?;
    let session = WebDriver::builder(url, wanted).client(Plain::new());
    let driver = runtime.block_on(session.connect())?;
    Ok((server, driver))
}

impl Browser {
    /// A journey of one person; its pictures begin with `name`.
    pub fn travel(world: &World, screen: Screen, name: &str, journey: impl FnOnce(&mut Browser)) {
        Browser::travel_to(world.origin(), screen, name, journey);
    }

    /// As [`Browser::travel`], to where `http://address` leads.
    pub fn travel_to(
        origin: String,
        screen: Screen,
        name: &str,
        journey: impl FnOnce(&mut Browser),
    ) {
        let runtime = Runtime::new().expect("a runtime");
        // On a machine that is busy Chromium may need a second try before a journey begins.
        let (_server, driver) = start(&runtime, screen)
            .or_else(|_| start(&runtime, screen))
            .expect("Chromium starts");
        let mut browser = Browser {
            driver,
            runtime,
            origin,
            name: name.to_owned(),
            taps: 0,
        };
        let ended = catch_unwind(AssertUnwindSafe(|| {
            journey(&mut browser);
            browser.complains_of_nothing();
        }));
        if ended.is_err() {
            browser.shoot("failed");
        }
        let Browser {
            runtime, driver, ..
        } = browser;
        let quit = runtime.block_on(driver.quit());
        if let Err(panic) = ended {
            resume_unwind(panic);
        }
        quit.expect("Chromium ends");
    }

    /// What the browser's clock says, by ISO 8601.
    pub fn clock(&self) -> String {
        let now = self.script("return new Date().toISOString()", &[]);
        now.and_then(|now| now.convert()).expect("a time")
    }

    /// The page of who is here is kept on the device, as soon as the browser has done so.
    #[track_caller]
    pub fn keeps(&self, path: &str) {
        let script = "return caches.match(arguments[0]).then((kept) => kept ? kept.text() : '').then((html) => \
            html.includes(`data-person=\"${document.body.dataset.person}\"`) ? 'yes' : 'no')";
        let is_kept = || {
            let kept = self.script(script, &[path]).ok()?;
            let kept: String = kept.convert().ok()?;
            (kept == "yes").then_some(())
        };
        assert!(self.wait(is_kept).is_some(), "{path} is not kept");
    }

    /// As somebody does who answers a call and comes back.
    pub fn look_away_and_back(&self) {
        let back = "document.dispatchEvent(new Event('visibilitychange'))";
        self.script(back, &[]).expect("the page notices");
    }

    fn ask<T>(&self, answer: impl Future<Output = WebDriverResult<T>>) -> T {
        let answer = self.runtime.block_on(answer);
        answer.unwrap_or_else(|why| panic!("the browser refuses: {why}"))
    }

    pub fn script(&self, script: &str, arguments: &[&str]) -> WebDriverResult<ScriptRet> {
        let arguments: Vec<_> = arguments.iter().map(|a| json!(a)).collect();
        self.runtime
            .block_on(self.driver.execute(script, arguments))
    }

    /// Tells the browser something by its developer tools.
    pub fn devtools(&self, command: &str, parameters: serde_json::Value) {
        self.ask(self.driver.cdp().send_raw(command, parameters));
    }

    /// On how many sheets of A4 the page is printed.
    pub fn sheets(&self) -> usize {
        let mut paper = PrintParameters::default();
        (paper.page.width, paper.page.height) = (21.0, 29.7);
        let print = self.ask(self.driver.print_page(paper));
        let pages = print
            .windows(12)
            .filter(|at| at.starts_with(b"/Type /Page"));
        pages.filter(|at| at[11] != b's').count()
    }

    /// Looks until something is there, for a page may be on its way.
    pub fn wait<T>(&self, look: impl Fn() -> Option<T>) -> Option<T> {
        let looks = PATIENCE.as_millis() / LOOK_EVERY.as_millis();
        for _ in 0..looks {
            if let Some(found) = look() {
                return Some(found);
            }
            let pause = async { actix_web::rt::time::sleep(LOOK_EVERY).await };
            self.runtime.block_on(pause);
        }
        None
    }

    /// The element that a script finds by words.
    #[track_caller]
    fn find(&self, script: &str, words: &str) -> WebElement {
        let found = self.wait(|| self.script(script, &[words]).ok()?.element().ok());
        found.unwrap_or_else(|| panic!("{words:?} is not in:\n{}", self.text()))
    }

    /// What stands in the field with this id.
    pub fn value(&self, id: &str) -> String {
        let script = "return document.getElementById(arguments[0]).value";
        let value = self.script(script, &[id]).expect("a field");
        value.json().as_str().unwrap_or_default().to_owned()
    }

    /// Opens a page of the world.
    pub fn open(&mut self, path: &str) {
        self.ask(self.driver.goto(format!("{}{path}", self.origin)));
    }

    /// Is signed in with a session that was begun elsewhere.
    pub fn come_with_session(&mut self, token: &str) {
        self.open("/sign-in");
        let cookie = Cookie::new("touchline", token.to_owned());
        self.ask(self.driver.add_cookie(cookie));
    }

    /// Presses the link, button or tile that says this.
    pub fn tap(&mut self, words: &str) {
        let element = self.find(TAPPABLE, words);
        // Out from under a bar, as a hand would move it.
        self.ask(element.scroll_into_view());
        self.ask(element.click());
        self.taps += 1;
    }

    pub fn taps(&self) -> usize {
        self.taps
    }

    /// Types into the field with this label, in place of what stands there. The star of a field
    /// that must be filled in is no part of its name.
    pub fn fill(&mut self, label: &str, text: &str) {
        let field = self.find(LABELLED, label);
        self.ask(async {
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Chooses the option that begins so from the list with this label.
    pub fn choose(&mut self, label: &str, option: &str) {
        let field = self.find(LABELLED, label);
        let option = format!("./option[starts-with(normalize-space(), '{option}')]");
        self.ask(async { field.find(By::XPath(option)).await?.click().await });
    }

    /// Presses keys, wherever one is.
    pub fn press(&mut self, keys: impl Into<TypingData>) {
        let keys = keys.into();
        self.ask(async {
            let here = self.driver.active_element().await?;
            here.send_keys(keys).await
        });
    }

    /// What stands on the screen, with single spaces.
    pub fn text(&self) -> String {
        // Whoever measures a page before its style sheet is there makes the browser draw it without.
        let read = "return document.readyState === 'complete' ? document.body.innerText : ''";
        let text = self.script(read, &[]);
        let text = text.ok().and_then(|text| text.convert::<String>().ok());
        let text = text.unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until the page says this.
    #[track_caller]
    pub fn says(&self, words: &str) {
        let said = self.wait(|| self.text().contains(words).then_some(()));
        assert!(
            said.is_some(),
            "{words:?} did not appear in:\n{}",
            self.text()
        );
    }

    /// These words go from the page, or were never there.
    #[track_caller]
    pub fn says_not(&self, words: &str) {
        let gone = self.wait(|| (!self.text().contains(words)).then_some(()));
        assert!(gone.is_some(), "{words:?} stays in:\n{}", self.text());
    }

    /// Nothing of the app is on the device.
    #[track_caller]
    pub fn keeps_nothing(&self) {
        let script = "return caches.keys().then((names) => Promise.all(names.map((name) => \
            caches.open(name).then((kept) => kept.keys())))).then((kept) => String(kept.flat().filter((one) => \
            !new URL(one.url).pathname.startsWith('/static/')).map((one) => one.url)))";
        let is_empty = || {
            let kept: String = self.script(script, &[]).ok()?.convert().ok()?;
            kept.is_empty().then_some(())
        };
        assert!(self.wait(is_empty).is_some(), "pages stay on the device");
    }

    /// What is wider than the screen.
    pub fn too_wide(&self) -> Vec<String> {
        let wide = self.script(TOO_WIDE, &[]).and_then(|wide| wide.convert());
        let wide: Vec<String> = wide.expect("the browser measures");
        let words = |name| format!("wider than the screen: {name}");
        wide.into_iter().map(words).collect()
    }

    /// Makes a picture for people to look at.
    pub fn shoot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/out");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = folder.join(format!("{}-{name}.png", self.name));
        // While it puts one page in the place of another the browser takes no picture.
        let shot = self.wait(|| self.runtime.block_on(self.driver.screenshot(&file)).ok());
        assert!(shot.is_some(), "no picture of {name}");
    }

    #[track_caller]
    pub fn complains_of_nothing(&self) {
        let complaints = self.ask(self.driver.browser_log());
        // That nobody answers is said by the page itself, where a journey cuts the signal.
        let is_ours = |message: &str| !message.contains("ERR_CONNECTION_REFUSED");
        let complaints = complaints
            .iter()
            .filter(|entry| entry.level == "SEVERE" && is_ours(&entry.message));
        let complaints: Vec<_> = complaints.map(|entry| &entry.message).collect();
        assert!(complaints.is_empty(), "on the console: {complaints:#?}");
    }
}

/// What a finger can press and is named by words: exactly, else at their beginning, else anywhere.
const TAPPABLE: &str = "
    const [words] = arguments;
    if (document.readyState !== 'complete') return null;
    const isThere = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility === 'visible'; };
    const name = e => (e.getAttribute('aria-label') ?? e.innerText ?? '').replace(/\\s+/g, ' ').trim();
    const all = [...document.querySelectorAll('a, button, summary, label')].filter(isThere);
    return all.find(e => name(e) === words) ?? all.find(e => name(e).startsWith(words)) ?? all.find(e => name(e).includes(words)) ?? null;";

const LABELLED: &str = "
    const [words] = arguments;
    if (document.readyState !== 'complete') return null;
    const label = [...document.querySelectorAll('label')].find(l => l.innerText.replace(/\\s+/g, ' ').replace(/ \\*$/, '').trim() === words);
    return label?.control ?? null;";

const TOO_WIDE: &str = "
    const wide = document.documentElement.clientWidth + 1;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide).map(e => e.tagName + '.' + e.className);";

fn capabilities(profile: &TempDir, screen: Screen) -> WebDriverResult<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    if let Some(program) = setting("TOUCHLINE_TEST_CHROMIUM") {
        wanted.set_binary(&program)?;
    }
    for flag in FLAGS {
        wanted.add_arg(flag)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    if screen == Screen::PhoneAtNight {
        wanted.add_arg("--blink-settings=preferredColorScheme=0")?;
    }
    if screen == Screen::Desk {
        wanted.add_arg("--window-size=1280,900")?;
    } else {
        let phone =
            json!({"width": 360, "height": 740, "pixelRatio": 2.0, "touch": true, "mobile": true});
        wanted.add_experimental_option("mobileEmulation", json!({"deviceMetrics": phone}))?;
    }
    Ok(wanted)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the tests are told where the browser and its tools are"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Driver {
    /// On a port that it chooses itself.
    fn start() -> Driver {
        let program = setting("TOUCHLINE_TEST_CHROMEDRIVER");
        let program = program.as_deref().unwrap_or("chromedriver");
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|why| panic!("{program} does not start ({why}): use tests/run"));
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let port = output.lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        Driver {
            process,
            port: port.expect("ChromeDriver says its port"),
            profile: tempfile::tempdir().expect("a folder for the browser"),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended already: then there is nothing to end and nothing to say.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Carries commands to ChromeDriver, so that no second HTTP client is needed.
struct Plain(ureq::Agent);

impl Plain {
    fn new() -> Plain {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        Plain(config.build().new_agent())
    }

    fn carry(&self, request: Request<Body<'_>>) -> WebDriverResult<Response<Bytes>> {
        let (parts, body) = request.into_parts();
        let failed = |why: ureq::Error| WebDriverError::HttpError(why.to_string());
        let response = match body {
            Body::Json(json) => {
                let body = serde_json::to_vec(json)?;
                self.0.run(Request::from_parts(parts, body))
            }
            Body::Empty => self.0.run(Request::from_parts(parts, ())),
        };
        let (parts, mut body) = response.map_err(failed)?.into_parts();
        let body = body.with_config().limit(64 * 1024 * 1024).read_to_vec();
        Ok(Response::from_parts(parts, body.map_err(failed)?.into()))
    }
}

impl HttpClient for Plain {
    fn send<'s, 'b, 'f>(
        &'s self,
        request: Request<Body<'b>>,
    ) -> Pin<Box<dyn Future<Output = WebDriverResult<Response<Bytes>>> + Send + 'f>>
    where
        's: 'f,
        'b: 'f,
    {
        Box::pin(async move { self.carry(request) })
    }

    fn new<'s, 'f>(&'s self) -> Pin<Box<dyn Future<Output = Arc<dyn HttpClient>> + Send + 'f>>
    where
        's: 'f,
    {
        let another: Arc<dyn HttpClient> = Arc::new(Plain::new());
        Box::pin(async move { another })
    }
}
