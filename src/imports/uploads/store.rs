//! All SQL about uploads that wait to be confirmed.

use super::Uploaded;
use crate::app::Upload;
use crate::db::Conn;
use crate::error::Result;
use crate::imports::{Kind, Mapping};
use crate::schema::import_uploads::dsl;
use crate::value::Instant;
use diesel::prelude::*;

pub fn add(conn: &mut Conn, uid: &str, by_id: i64, at: Instant, file: &Upload) -> Result<()> {
    diesel::insert_into(dsl::import_uploads)
        .values((
            dsl::uid.eq(uid),
            dsl::by_id.eq(by_id),
            dsl::at.eq(at),
            dsl::name.eq(file.name.replace('\0', "")),
            dsl::content.eq(&file.content),
        ))
        .execute(conn)?;
    Ok(())
}

/// The files that somebody uploaded together, in their order.
pub fn of(conn: &mut Conn, uid: &str, by_id: i64) -> Result<Vec<Uploaded>> {
    let rows: Vec<(i64, String, String, String, Vec<u8>)> = dsl::import_uploads
        .filter(dsl::uid.eq(uid).and(dsl::by_id.eq(by_id)))
        .order(dsl::id)
        .select((dsl::id, dsl::name, dsl::kind, dsl::mapping, dsl::content))
        .load(conn)?;
    let uploaded = |(id, name, kind, columns, content): (_, String, String, String, _)| Uploaded {
        id,
        kind: Kind::from_word(&kind).or_else(|| Kind::of_file_name(&name)),
        mapping: serde_json::from_str(&columns).unwrap_or_default(),
        name,
        content,
    };
    Ok(rows.into_iter().map(uploaded).collect())
}

pub fn set_columns(conn: &mut Conn, id: i64, kind: Kind, mapping: &Mapping) -> Result<()> {
    let mapping_text = serde_json::to_string(mapping).map_err(crate::error::Error::internal)?;
    diesel::update(dsl::import_uploads.find(id))
        .set((dsl::kind.eq(kind.word()), dsl::mapping.eq(mapping_text)))
        .execute(conn)?;
    Ok(())
}

pub fn remove(conn: &mut Conn, uid: &str) -> Result<()> {
    diesel::delete(dsl::import_uploads.filter(dsl::uid.eq(uid))).execute(conn)?;
    Ok(())
}
