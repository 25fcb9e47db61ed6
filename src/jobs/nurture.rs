//! Leads that come back from nurture on their day: marketing is told.

use crate::app::App;
use crate::error::Result;
use crate::inbox::{self, Notice, NoticeKind};
use crate::leads::{self, BackLead};
use crate::people::Directory;
use chrono::Days;
use std::sync::Arc;

/// So many days back a lead is still news: after a longer stop of the program nobody is flooded.
const NEWS_DAYS: u64 = 7;

/// Whoever answers for the lead's last hand-over.
pub fn tell(app: &App) -> Result<()> {
    app.write(|tx| {
        let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
        let today = directory.workspace.zone.day_of(tx.now);
        let since = today.checked_sub_days(Days::new(NEWS_DAYS));
        let back = leads::back_from_nurture(tx.conn, since.unwrap_or(today), today)?;
        let key = |lead: &BackLead| {
            let on = lead.on.unwrap_or(today);
            format!("{}:{}:{on}", NoticeKind::BackFromNurture, lead.id)
        };
        let keys: Vec<String> = back.iter().map(key).collect();
        let told = inbox::store::told(tx.conn, &keys)?;
        for (lead, key) in back.into_iter().zip(keys) {
            if told.contains(&key) {
                continue;
            }
            let people = directory.answering(lead.by_id);
            let notice = Notice {
                lead_id: Some(lead.id),
                handover_id: None,
                text: "Its day to come back has come".to_owned(),
                once: Some(key),
                ..Notice::default()
            };
            inbox::tell(tx, &people, NoticeKind::BackFromNurture, &notice)?;
        }
        Ok(())
    })
}
