//! How a worker thread finds its pool.
//!
//! The worker's environment is not its pool's, so JavaScript can hand it only a value. Any code of
//! the process could guess a number, take a worker's place and get its tasks. So the value is a
//! ticket: random, for one worker, and for one use.

use super::presence::Presence;
use crate::error::Error;
use crate::pool::{Pool, WorkerId};
use crate::sync::process::Mutex;
use crate::sync::{Arc, Weak};
use std::collections::HashMap;
use std::sync::LazyLock;

/// 128 random bits of the operating system, in hexadecimal.
type Ticket = String;

struct Place {
    /// Weak, so that an unused ticket keeps no pool.
    pool: Weak<Pool>,
    worker: WorkerId,
    presence: Arc<Presence>,
}

/// The unused tickets.
static TICKETS: LazyLock<Mutex<HashMap<Ticket, Place>>> = LazyLock::new(Mutex::default);

/// Makes a ticket for a reserved worker.
pub(super) fn issue(
    pool: &Arc<Pool>,
    worker: WorkerId,
    presence: Arc<Presence>,
) -> Result<Ticket, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::NothingRandom)?;
    let ticket = format!("{:032x}", u128::from_ne_bytes(bytes));
    let place = Place {
        pool: Arc::downgrade(pool),
        worker,
        presence,
    };
    TICKETS.lock().insert(ticket.clone(), place);
    Ok(ticket)
}

/// Uses a ticket up. None if there is no such ticket, or if its pool is gone.
pub(super) fn take(ticket: &str) -> Option<(Arc<Pool>, WorkerId, Arc<Presence>)> {
    let Place {
        pool,
        worker,
        presence,
    } = TICKETS.lock().remove(ticket)?;
    Some((pool.upgrade()?, worker, presence))
}

/// Drops the unused tickets of a worker, and those of pools that are gone.
pub(super) fn revoke(pool: &Arc<Pool>, worker: WorkerId) {
    let this = Arc::downgrade(pool);
    TICKETS.lock().retain(|_, place| {
        place.pool.strong_count() > 0 && !(place.worker == worker && place.pool.ptr_eq(&this))
    });
}
