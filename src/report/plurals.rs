//! Plural categories of whole numbers (Unicode CLDR 45, supplemental/plurals.xml, cardinals).

use crate::types::Lang;

/// Category of `n` in a language, as CLDR names it. Whole numbers only, so every condition on decimals holds or fails as
/// for v = 0.
pub fn category(language: Lang, n: u64) -> &'static str {
    match language {
        Lang::Ar => arabic(n),
        _ if n == 1 => "one",
        Lang::Es | Lang::Ca if n != 0 && n.is_multiple_of(1_000_000) => "many",
        _ => "other",
    }
}

fn arabic(n: u64) -> &'static str {
    match (n, n % 100) {
        (0, _) => "zero",
        (1, _) => "one",
        (2, _) => "two",
        (_, 3..=10) => "few",
        (_, 11..=99) => "many",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_agree_with_the_integer_samples_that_cldr_lists() {
        let samples: [(Lang, &str, &[u64]); 14] = [
            (Lang::En, "one", &[1]),
            (Lang::En, "other", &[0, 2, 16, 100, 1000, 10_000, 100_000, 1_000_000]),
            (Lang::Es, "one", &[1]),
            (Lang::Es, "many", &[1_000_000]),
            (Lang::Es, "other", &[0, 2, 16, 100, 1000, 10_000, 100_000]),
            (Lang::Ca, "one", &[1]),
            (Lang::Ca, "many", &[1_000_000]),
            (Lang::Ca, "other", &[0, 2, 16, 100, 1000, 10_000, 100_000]),
            (Lang::Ar, "zero", &[0]),
            (Lang::Ar, "one", &[1]),
            (Lang::Ar, "two", &[2]),
            (Lang::Ar, "few", &[3, 10, 103, 110, 1003]),
            (Lang::Ar, "many", &[11, 26, 111, 1011]),
            (
                Lang::Ar,
                "other",
                &[100, 102, 200, 202, 300, 302, 400, 402, 500, 502, 600, 1000, 10_000, 100_000, 1_000_000],
            ),
        ];
        for (language, expected, numbers) in samples {
            for n in numbers {
                assert_eq!(category(language, *n), expected, "{language:?} {n}");
            }
        }
    }
}
