//! What is read once per language and kept: catalogues and names are asked for by every document of an edition.

use crate::types::Lang;
use std::sync::OnceLock;

/// A value for each language, made when it is first asked for; a language without a place of its own is served English.
#[derive(Debug)]
pub struct PerLanguage<T>([OnceLock<T>; Lang::ALL.len()]);

impl<T> PerLanguage<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self([const { OnceLock::new() }; Lang::ALL.len()])
    }

    /// The value of a language.
    ///
    /// # Errors
    /// What making it says.
    pub fn get<E>(&'static self, language: Lang, make: impl FnOnce(Lang) -> Result<T, E>) -> Result<&'static T, E> {
        let served = if Lang::ALL.contains(&language) { language } else { Lang::En };
        let [first, ..] = &self.0;
        let own = Lang::ALL.iter().position(|l| *l == served).and_then(|at| self.0.get(at)).unwrap_or(first);
        if let Some(value) = own.get() {
            return Ok(value);
        }
        let made = make(served)?;
        Ok(own.get_or_init(|| made))
    }
}
