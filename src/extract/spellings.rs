//! What is known per spelling. Nearly all words fit into 15 bytes and are their own key, without a pointer to follow.

use rustc_hash::FxHashMap;

/// Something per spelling.
pub(super) struct Spellings<T> {
    short: FxHashMap<u128, T>,
    long: FxHashMap<Box<str>, T>,
}

impl<T> Default for Spellings<T> {
    fn default() -> Self {
        Self { short: FxHashMap::default(), long: FxHashMap::default() }
    }
}

/// The bytes of a short word with its length in the last one; none when it is longer.
#[inline]
pub(super) fn short_key(raw: &str) -> Option<u128> {
    let bytes = raw.as_bytes();
    let mut key = [0; 16];
    key.get_mut(..15)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    key[15] = bytes.len() as u8;
    Some(u128::from_le_bytes(key))
}

impl<T: Copy> Spellings<T> {
    /// What is known of a spelling, by its [`short_key`].
    #[inline]
    pub(super) fn get(&self, raw: &str, key: Option<u128>) -> Option<T> {
        match key {
            Some(key) => self.short.get(&key).copied(),
            None => self.long.get(raw).copied(),
        }
    }

    /// Keeps what is known of a spelling.
    pub(super) fn insert(&mut self, raw: &str, key: Option<u128>, known: T) {
        match key {
            Some(key) => self.short.insert(key, known),
            None => self.long.insert(raw.into(), known),
        };
    }

    /// Spellings.
    pub(super) fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_have_keys_of_their_own() {
        let words = ["", "a", "a\0", "aa", "fifteen-letters", "gestió"];
        let keys: Vec<u128> = words.iter().filter_map(|w| short_key(w)).collect();
        let distinct: std::collections::BTreeSet<u128> = keys.iter().copied().collect();
        assert_eq!((keys.len(), distinct.len()), (6, 6));
        assert!(short_key("sixteen--letters").is_none());
    }
}
