//! The environments of this thread. Mostly one: several if the addon is loaded several times.

use super::Environment;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static ENVIRONMENTS: RefCell<Vec<Rc<Environment>>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn find(wanted: impl Fn(&Environment) -> bool) -> Option<Rc<Environment>> {
    let find = |list: &RefCell<Vec<Rc<Environment>>>| {
        let list = list.borrow();
        list.iter().find(|environment| wanted(environment)).cloned()
    };
    // The list is gone while the thread ends.
    ENVIRONMENTS.try_with(find).ok().flatten()
}

pub(super) fn add(environment: Rc<Environment>) {
    ENVIRONMENTS.with_borrow_mut(|list| list.push(environment));
}

pub(super) fn remove(wanted: impl Fn(&Environment) -> bool) -> Option<Rc<Environment>> {
    let remove = |list: &RefCell<Vec<Rc<Environment>>>| {
        let mut list = list.borrow_mut();
        let at = list.iter().position(|environment| wanted(environment))?;
        Some(list.swap_remove(at))
    };
    ENVIRONMENTS.try_with(remove).ok().flatten()
}
