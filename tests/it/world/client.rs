//! A browser, as far as the server can tell: cookie, origin, forms and files.

use super::Page;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use ureq::http::{Request, Response};

/// One browser. Clones share the session.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    origin: String,
    /// Cookies by name.
    jar: Rc<RefCell<BTreeMap<String, String>>>,
}

/// As it is called over http, and over https.
const SESSION: [&str; 2] = ["touchline", "__Host-touchline"];

const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "----touchline-test-boundary";

impl Client {
    pub fn new(origin: String) -> Client {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        Client {
            agent,
            origin,
            jar: Rc::default(),
        }
    }

    pub fn with_session(self, token: &str) -> Client {
        for name in SESSION {
            self.jar
                .borrow_mut()
                .insert(name.to_owned(), token.to_owned());
        }
        self
    }

    /// The session's token, as the cookie holds it.
    pub fn session(&self) -> Option<String> {
        let jar = self.jar.borrow();
        SESSION.iter().find_map(|name| jar.get(*name).cloned())
    }

    /// Has a cookie from before, as another browser.
    pub fn with_cookie(self, name: &str, value: &str) -> Client {
        self.jar
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
        self
    }

    /// Opens a page; the path may carry a query.
    pub fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[("Sec-Fetch-Site", "same-origin")], b"")
    }

    /// Posts a form from a page of this site. A redirect is not followed: see [`Page::follow`].
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).expect("fields make a form");
        self.post_from("same-origin", path, FORM, body.as_bytes())
    }

    /// Posts files from a page of this site.
    pub fn upload(&self, path: &str, files: &[(&str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, content) in files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: text/csv\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.post_from("same-origin", path, &kind, &body)
    }

    /// Posts anything, with the word that a browser says about where it comes from.
    pub fn post_from(&self, site: &str, path: &str, content_type: &str, body: &[u8]) -> Page {
        let origin = match site {
            "same-origin" => self.origin.as_str(),
            _ => "https://elsewhere.example",
        };
        let headers = [
            ("Sec-Fetch-Site", site),
            ("Origin", origin),
            ("Content-Type", content_type),
        ];
        self.send("POST", path, &headers, body)
    }

    /// Sends a request with these headers and the cookie, and no others of its own.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> = self
            .jar
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies.join("; "));
        }
        let response = if method == "POST" {
            self.agent.run(request.body(body).expect("a request"))
        } else {
            self.agent.run(request.body(()).expect("a request"))
        };
        let response = response.unwrap_or_else(|why| panic!("{method} {path}: {why}"));
        self.keep_cookie(&response);
        Page::read(self.clone(), path, response)
    }

    fn keep_cookie(&self, response: &Response<ureq::Body>) {
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap_or_default();
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or_default();
            let mut jar = self.jar.borrow_mut();
            match value {
                "" => jar.remove(name),
                value => jar.insert(name.to_owned(), value.to_owned()),
            };
            // One cookie of the two holds, whichever way the browser came before.
            if SESSION.contains(&name) {
                jar.retain(|known, _| known == name || !SESSION.contains(&known.as_str()));
            }
        }
    }
}
