//! How a worker thread finds its pool.
//!
//! Its environment is another one than its pool's, so it can be handed nothing but a value. A number
//! that can be guessed would let any code of the process take the place of a worker and get its tasks.
//! So it is a ticket: random, for one worker, and for one use.

use crate::error::Error;
use crate::pool::{Pool, WorkerId};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// 128 bits of the operating system's, in hexadecimal.
type Ticket = String;

struct Place {
    /// Weak: a ticket that nobody uses keeps no pool.
    pool: Weak<Pool>,
    worker: WorkerId,
}

/// The tickets that were not used yet.
static TICKETS: LazyLock<Mutex<HashMap<Ticket, Place>>> = LazyLock::new(Mutex::default);

fn tickets() -> MutexGuard<'static, HashMap<Ticket, Place>> {
    TICKETS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a ticket for a worker that was added.
pub(super) fn issue(pool: &Arc<Pool>, worker: WorkerId) -> Result<Ticket, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::NothingRandom)?;
    let ticket = format!("{:032x}", u128::from_ne_bytes(bytes));
    let place = Place {
        pool: Arc::downgrade(pool),
        worker,
    };
    tickets().insert(ticket.clone(), place);
    Ok(ticket)
}

/// Uses a ticket up. None if there is none such, or no such pool any more.
pub(super) fn take(ticket: &str) -> Option<(Arc<Pool>, WorkerId)> {
    let Place { pool, worker } = tickets().remove(ticket)?;
    Some((pool.upgrade()?, worker))
}

/// Takes back what a worker's thread has not used, and that of pools that are gone.
pub(super) fn revoke(pool: &Arc<Pool>, worker: WorkerId) {
    let this = Arc::downgrade(pool);
    tickets().retain(|_, place| {
        place.pool.strong_count() > 0 && !(place.worker == worker && place.pool.ptr_eq(&this))
    });
}
