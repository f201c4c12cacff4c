//! The attempts of each key that still count, in bounded memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::nanos::Nanos;
use governor::state::StateStore;

/// A key takes some 40 bytes, so that this is a few megabytes at worst.
const MOST_KEYS: usize = 65_536;

/// For each key the moment at which all its places are free again. Clones share: one is the
/// limiter's, and places are given back through another.
#[derive(Clone, Default)]
pub(super) struct Attempts(Arc<Mutex<HashMap<u64, Nanos>>>);

impl Attempts {
    /// Undoes one attempt.
    pub(super) fn give_back(&self, key: u64, one: Duration) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(free_at) = kept.get_mut(&key) {
            *free_at = free_at.saturating_sub(one.into());
        }
    }
}

/// When there is no room for another key, the half that is free soonest is forgotten. Whoever fills
/// the table so gains nothing for the key that they guess at: it is the one that is free last.
fn make_room(kept: &mut HashMap<u64, Nanos>) {
    if kept.len() < MOST_KEYS {
        return;
    }
    let mut moments: Vec<Nanos> = kept.values().copied().collect();
    let middle = moments.len() / 2;
    let (_, median, _) = moments.select_nth_unstable(middle);
    let median = *median;
    kept.retain(|_, free_at| *free_at > median);
}

impl StateStore for Attempts {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (outcome, free_at) = f(kept.get(key).copied())?;
        if !kept.contains_key(key) {
            make_room(&mut kept);
        }
        kept.insert(*key, free_at);
        Ok(outcome)
    }
}
