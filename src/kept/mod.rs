//! Reference data, kept in memory: people, calendars, lists and targets, which every page reads and which hardly
//! ever change. The database counts the changes (`reference_version`), whoever makes them, so that nothing here is
//! older than the request that reads it.

mod store;

pub use store::{closed_entries, move_on, version};

use crate::db::Conn;
use crate::error::Result;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What can be kept: all of it is read at once, from tables whose changes move the version on.
pub trait Keep: Sized + Send + Sync + 'static {
    fn load(conn: &mut Conn) -> Result<Self>;
}

type Entry = (i64, Arc<dyn Any + Send + Sync>);

/// What was read, each with the version that held before it was read. It lives as long as the program.
#[derive(Default)]
pub struct Shelf {
    kept: Mutex<HashMap<TypeId, Entry>>,
}

/// The reference data as of one version.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    shelf: &'a Shelf,
    version: i64,
}

impl Shelf {
    /// As of now.
    pub fn now(&self, conn: &mut Conn) -> Result<Kept<'_>> {
        Ok(self.at(version(conn)?))
    }

    /// As of a version that was read from the database just now.
    pub fn at(&self, version: i64) -> Kept<'_> {
        Kept {
            shelf: self,
            version,
        }
    }

    /// What outlives changes of reference data, and knows itself how long it is true: one for the whole program.
    pub fn lasting<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.lock();
        let found = kept.get(&TypeId::of::<T>()).map(|(_, found)| found.clone());
        if let Some(found) = found.and_then(|found| found.downcast().ok()) {
            return found;
        }
        let made = Arc::new(T::default());
        kept.insert(TypeId::of::<T>(), (i64::MAX, made.clone()));
        made
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TypeId, Entry>> {
        // A panic elsewhere cannot leave a map half-changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept<'_> {
    /// What is kept, read from the database where that is older or missing. Refused are only the errors of reading.
    pub fn get<T: Keep>(&self, conn: &mut Conn) -> Result<Arc<T>> {
        if let Some(found) = self.find() {
            return Ok(found);
        }
        let read = Arc::new(T::load(conn)?);
        let mut kept = self.shelf.lock();
        kept.insert(TypeId::of::<T>(), (self.version, read.clone()));
        Ok(read)
    }

    /// As [`Shelf::lasting`].
    pub fn lasting<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.shelf.lasting()
    }

    /// What is in memory and still true.
    pub fn find<T: Keep>(&self) -> Option<Arc<T>> {
        let (version, found) = self.shelf.lock().get(&TypeId::of::<T>())?.clone();
        // Newer than asked for is as good: what is read now would be as new.
        (version >= self.version).then_some(())?;
        found.downcast().ok()
    }
}
