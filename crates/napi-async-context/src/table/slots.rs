//! Slots with handles, in which free ones are linked.

/// Slots by index. To take a free one and to give it up takes constant time.
pub(crate) struct Slots<H> {
    slots: Vec<Slot<H>>,
    /// The first free slot.
    free: Option<u32>,
}

enum Slot<H> {
    Used(H),
    /// The next free slot.
    Free(Option<u32>),
}

impl<H: Copy> Slots<H> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: None,
        }
    }

    /// Whether [`insert`](Self::insert) makes the table longer.
    pub(crate) const fn is_full(&self) -> bool {
        self.free.is_none()
    }

    /// Puts a handle into a free slot and returns its index; gives the handle back if all 2³²
    /// indices are in use.
    pub(crate) fn insert(&mut self, handle: H) -> Result<u32, H> {
        if let Some(index) = self.free {
            let slot = &mut self.slots[index as usize];
            if let Slot::Free(next) = *slot {
                self.free = next;
            }
            *slot = Slot::Used(handle);
            return Ok(index);
        }
        let Ok(index) = u32::try_from(self.slots.len()) else {
            return Err(handle);
        };
        self.slots.push(Slot::Used(handle));
        Ok(index)
    }

    pub(crate) fn get(&self, index: u32) -> Option<H> {
        match self.slots.get(index as usize) {
            Some(Slot::Used(handle)) => Some(*handle),
            _ => None,
        }
    }

    /// Frees the slot and returns what was in it.
    pub(crate) fn remove(&mut self, index: u32) -> Option<H> {
        let handle = self.get(index)?;
        self.slots[index as usize] = Slot::Free(self.free);
        self.free = Some(index);
        Some(handle)
    }

    /// Empties the table and returns what was in it.
    pub(crate) fn drain(&mut self) -> Vec<H> {
        self.free = None;
        let slots = std::mem::take(&mut self.slots);
        let used = |slot| match slot {
            Slot::Used(handle) => Some(handle),
            Slot::Free(_) => None,
        };
        slots.into_iter().filter_map(used).collect()
    }
}

#[cfg(all(test, not(napi_async_context_loom)))]
mod tests {
    use super::Slots;

    #[test]
    fn a_slot_is_used_again_before_the_table_grows() {
        let mut slots = Slots::new();
        assert!(slots.is_full());
        assert_eq!(slots.insert('a'), Ok(0));
        assert_eq!(slots.insert('b'), Ok(1));
        assert_eq!(slots.insert('c'), Ok(2));
        assert_eq!(slots.remove(0), Some('a'));
        assert_eq!(slots.remove(2), Some('c'));
        assert!(!slots.is_full());
        assert_eq!(slots.insert('d'), Ok(2));
        assert_eq!(slots.insert('e'), Ok(0));
        assert!(slots.is_full());
        assert_eq!(slots.insert('f'), Ok(3));
        assert_eq!(
            [0, 1, 2, 3].map(|index| slots.get(index)),
            [Some('e'), Some('b'), Some('d'), Some('f')]
        );
    }

    #[test]
    fn a_free_or_unknown_index_holds_nothing() {
        let mut slots = Slots::new();
        assert_eq!(slots.insert(1), Ok(0));
        assert_eq!(slots.remove(0), Some(1));
        assert_eq!(slots.remove(0), None);
        assert_eq!(slots.get(0), None);
        assert_eq!(slots.get(7), None);
        assert_eq!(slots.remove(7), None);
        assert_eq!(slots.insert(2), Ok(0));
        assert_eq!(slots.insert(3), Ok(1), "index 0 was freed once");
    }

    #[test]
    fn drain_returns_what_is_used_and_leaves_nothing() {
        let mut slots = Slots::new();
        for handle in 0..5 {
            slots.insert(handle).expect("there are free indices");
        }
        slots.remove(1);
        slots.remove(4);
        assert_eq!(slots.drain(), [0, 2, 3]);
        assert_eq!(slots.drain(), []);
        assert_eq!(slots.insert(9), Ok(0));
    }
}
