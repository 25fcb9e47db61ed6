//! All SQL about the profiles of leads: a row for those of which anything is known. And about their own data by hand.

use crate::db::Conn;
use crate::error::Result;
use crate::insert_all;
use crate::rules::profile::Profile;
use crate::rules::wait::Urgency;
use crate::schema::{lead_profiles, leads};
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = lead_profiles, treat_none_as_default_value = false)]
struct ProfileRow {
    lead_id: i64,
    country: String,
    region: String,
    post_code: String,
    employees: Option<i32>,
    segment: String,
}

impl ProfileRow {
    fn new(lead_id: i64, profile: &Profile) -> ProfileRow {
        let profile = profile.clone();
        ProfileRow {
            lead_id,
            country: profile.country,
            region: profile.region,
            post_code: profile.post_code,
            employees: profile.employees.and_then(|n| i32::try_from(n).ok()),
            segment: profile.segment,
        }
    }

    fn profile(self) -> Profile {
        Profile {
            country: self.country,
            region: self.region,
            post_code: self.post_code,
            employees: self.employees.and_then(|n| u32::try_from(n).ok()),
            segment: self.segment,
        }
    }
}

/// Empty for a lead of which nothing is known.
pub fn of_lead(conn: &mut Conn, lead_id: i64) -> Result<Profile> {
    let row = lead_profiles::table
        .find(lead_id)
        .select(ProfileRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(ProfileRow::profile).unwrap_or_default())
}

/// Those of which anything is known, by lead.
pub fn of_leads(conn: &mut Conn, lead_ids: &[i64]) -> Result<HashMap<i64, Profile>> {
    let rows = lead_profiles::table
        .filter(lead_profiles::lead_id.eq_any(lead_ids))
        .select(ProfileRow::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.lead_id, row.profile()))
        .collect())
}

/// Replaces what was known.
pub fn set(conn: &mut Conn, lead_id: i64, profile: &Profile) -> Result<()> {
    diesel::delete(lead_profiles::table.find(lead_id)).execute(conn)?;
    if profile.is_empty() {
        return Ok(());
    }
    add_all(conn, &[(lead_id, profile)])
}

/// Adds those of leads that have none yet.
pub fn add_all(conn: &mut Conn, new: &[(i64, &Profile)]) -> Result<()> {
    let rows: Vec<ProfileRow> = new
        .iter()
        .map(|(lead_id, profile)| ProfileRow::new(*lead_id, profile))
        .collect();
    insert_all!(conn, lead_profiles::table, &rows);
    Ok(())
}

/// What can be mended of a lead by hand.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = leads)]
pub struct Details<'d> {
    pub name: &'d str,
    pub company: &'d str,
    pub title: &'d str,
    pub email: &'d str,
    pub phone: &'d str,
    pub note: &'d str,
}

pub fn set_details(conn: &mut Conn, lead_id: i64, details: &Details) -> Result<()> {
    let search =
        crate::leads::search_text(details.name, details.company, details.email, details.phone);
    diesel::update(leads::table.find(lead_id))
        .set((details, leads::search.eq(search)))
        .execute(conn)?;
    Ok(())
}

/// What leads are called of which nothing personal is known any more, by their uid.
pub fn erased(conn: &mut Conn) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = leads::table
        .filter(leads::erased_at.is_not_null())
        .select((leads::uid, leads::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// What a lead comes with from marketing; names of lists are ids here.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_null = true)]
pub struct Promise {
    pub territory_id: Option<i64>,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub urgency: Urgency,
    /// As given; what holds is brought up to date by [`crate::leads::score`].
    #[diesel(column_name = given_score)]
    pub score: Option<f64>,
}

/// Changes what the lead comes with, for its next hand-over; earlier ones keep theirs.
pub fn set_promise(conn: &mut Conn, lead_id: i64, promise: &Promise) -> Result<()> {
    diesel::update(leads::table.find(lead_id))
        .set(promise)
        .execute(conn)?;
    Ok(())
}
