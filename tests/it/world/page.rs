//! What a browser got: status, words, fields and links.

use super::Client;
use super::html::{self, Piece, Tag};
use ureq::http::{HeaderMap, Response};

/// An answer of the server.
pub struct Page {
    client: Client,
    pub path: String,
    pub status: u16,
    /// Where it leads on to (303); empty when nowhere.
    pub location: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// Bodies larger than this are not for reading.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl Page {
    pub fn read(client: Client, path: &str, mut response: Response<ureq::Body>) -> Page {
        let body = response.body_mut().with_config().limit(MOST_BYTES);
        let body = body
            .read_to_string()
            .unwrap_or_else(|why| panic!("{path}: {why}"));
        let mut page = Page {
            client,
            path: path.to_owned(),
            status: response.status().as_u16(),
            location: String::new(),
            headers: response.headers().clone(),
            body,
        };
        page.location = page.header("location").to_owned();
        page
    }

    /// What a cookie of this name is set to, with its flags; empty when it is not set.
    pub fn sets(&self, name: &str) -> &str {
        let cookies = self.headers.get_all("set-cookie").iter();
        let mut cookies = cookies.filter_map(|value| value.to_str().ok());
        cookies
            .find(|cookie| cookie.split('=').next() == Some(name))
            .unwrap_or_default()
    }

    /// The value of a header; empty without one.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Page {
        assert_eq!(
            self.status,
            status,
            "{}: {} {}",
            self.path,
            self.location,
            self.text()
        );
        self
    }

    #[track_caller]
    pub fn ok(&self) -> &Page {
        self.is(200)
    }

    #[track_caller]
    pub fn redirects_to(&self, address: &str) -> &Page {
        self.is(303);
        assert_eq!(self.location, address, "{}", self.path);
        self
    }

    /// Goes where a redirect leads.
    #[track_caller]
    pub fn follow(&self) -> Page {
        assert_ne!(self.location, "", "{}: {}", self.path, self.text());
        self.client.get(&self.location)
    }

    /// The words of the page, with single spaces between them.
    pub fn text(&self) -> String {
        html::words(&self.body)
    }

    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Page {
        let text = self.text();
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
        self
    }

    #[track_caller]
    pub fn says_nothing_of(&self, words: &str) -> &Page {
        let text = self.text();
        assert!(!text.contains(words), "{words:?} is in:\n{text}");
        self
    }

    pub fn title(&self) -> String {
        html::inside(&self.body, "title")
    }

    /// The value that a field has now; `None` when there is no such field, or no choice is made.
    pub fn field(&self, name: &str) -> Option<String> {
        let fields = html::forms(&self.body).into_iter().flat_map(|f| f.fields);
        fields.into_iter().find(|f| f.0 == name).map(|f| f.1)
    }

    /// The text between the tags of the element with this id.
    #[track_caller]
    pub fn field_text(&self, id: &str) -> String {
        let after = self.body.split(&format!("id=\"{id}\"")).nth(1);
        let inside = after.and_then(|rest| rest.split_once('>'));
        let text = inside.and_then(|(_, rest)| rest.split('<').next());
        text.unwrap_or_else(|| panic!("{}: nothing has the id {id}", self.path))
            .trim()
            .to_owned()
    }

    /// The fields of the form that goes to `action`, as it stands.
    #[track_caller]
    pub fn fields(&self, action: &str) -> Vec<(String, String)> {
        let forms = html::forms(&self.body);
        let actions: Vec<_> = forms.iter().map(|form| form.action.clone()).collect();
        let found = forms.into_iter().find(|form| form.action == action);
        let Some(form) = found else {
            panic!(
                "{}: no form goes to {action}; they go to {actions:?}",
                self.path
            );
        };
        form.fields
    }

    /// Sends the form that goes to `action` as it stands, with some fields changed or added.
    #[track_caller]
    pub fn submit(&self, action: &str, changes: &[(&str, &str)]) -> Page {
        let fields = self.fields(action);
        let kept = fields.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let kept = kept.filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let fields: Vec<_> = kept.chain(changes.iter().copied()).collect();
        self.client.post(action, &fields)
    }

    /// Where the forms of the page go to.
    pub fn actions(&self) -> Vec<String> {
        let forms = html::forms(&self.body).into_iter();
        forms.map(|form| form.action).collect()
    }

    /// The opening tags of the page.
    pub fn tags(&self) -> Vec<Tag> {
        let tags = html::pieces(&self.body).into_iter();
        let tags = tags.filter_map(|piece| match piece {
            Piece::Open(tag) => Some(tag),
            _ => None,
        });
        tags.collect()
    }

    /// The links of the page: where each leads, and its words.
    pub fn anchors(&self) -> Vec<(String, String)> {
        let mut anchors: Vec<(String, String)> = Vec::new();
        let mut is_inside = false;
        for piece in html::pieces(&self.body) {
            match piece {
                Piece::Open(tag) if tag.name == "a" => {
                    is_inside = true;
                    let href = tag.attr("href").unwrap_or_default().to_owned();
                    anchors.push((href, String::new()));
                }
                Piece::Close(name) if name == "a" => is_inside = false,
                Piece::Text(words) if is_inside => {
                    if let Some((_, text)) = anchors.last_mut() {
                        text.push_str(&words);
                    }
                }
                _ => {}
            }
        }
        anchors
    }

    /// The links to pages of this site, as absolute paths with their queries.
    pub fn links(&self) -> Vec<String> {
        let here = self.path.split('?').next().unwrap_or_default();
        let tags = self.tags().into_iter().filter(|tag| tag.name == "a");
        let absolute = tags.filter_map(|tag| {
            let href = tag.attr("href")?.split('#').next()?;
            if href.starts_with('?') {
                Some(format!("{here}{href}"))
            } else {
                href.starts_with('/').then(|| href.to_owned())
            }
        });
        absolute.collect()
    }
}
