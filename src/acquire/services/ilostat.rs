//! Statistics of the International Labour Organization, by its service of tables.

use super::about::{optional, required};
use super::{About, Ask, AskError, Expects, Holds, Request, Service};

/// `https://rplumber.ilo.org/data/indicator/?id={indicator}&ref_area=PSE+JOR&type=code&format=.csv`
pub struct Ilostat;

impl Service for Ilostat {
    fn about(&self) -> About {
        About {
            id: "ilostat",
            holds: Holds::Statistics,
            publisher: "International Labour Organization",
            base: "https://rplumber.ilo.org",
            parameters: const {
                &[
                    required("indicator", "code of an indicator, one or several: [\"EMP_TEMP_SEX_OCU_NB_A\"]"),
                    optional("area", "codes of three letters, all unless given: [\"PSE\", \"ESP\"]"),
                    optional("from", "first year: 2015"),
                    optional("to", "last year: 2025"),
                    optional("filter", "items of further dimensions: [\"sex=SEX_T\"]"),
                ]
            },
            pause_seconds: 1.0,
            terms: "CC BY 4.0 (since 2023-05-03)",
            credential: None,
            vintage: "hash",
            records: (1, 20_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        // Spaces are written `+` in an address, which is what parts the values.
        let area = ask.many("area").join(" ");
        let filter = ask.pairs()?;
        let request = |indicator: &String| {
            let mut query = vec![("id", indicator.as_str()), ("ref_area", area.as_str())];
            query
                .extend([("timefrom", "from"), ("timeto", "to")].map(|(n, key)| (n, ask.one(key).unwrap_or_default())));
            query.extend(filter.iter().copied());
            query.extend([("lang", "en"), ("type", "code"), ("format", ".csv")]);
            Ok(Request::get(ask.url(&["data", "indicator", ""], &query)?, Expects::Csv))
        };
        ask.many("indicator").iter().map(request).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    #[test]
    fn the_vintage_it_names_is_one_that_is_looked_at() {
        // Nothing asks its table of contents, so `last.update` cannot be what tells an answer from the one before.
        assert_eq!(Ilostat.about().vintage, "hash");
    }

    #[test]
    fn areas_are_parted_by_a_plus_sign_and_the_path_ends_with_a_slash() {
        let area = Given::Many(vec![Given::Text("PSE".to_owned()), Given::Text("JOR".to_owned())]);
        let indicator = Given::Text("EMP_TEMP_SEX_OCU_NB_A".to_owned());
        let given = BTreeMap::from([("area".to_owned(), area), ("indicator".to_owned(), indicator)]);
        let about = Ilostat.about();
        let ask = Ask::new(&about, &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let query = "id=EMP_TEMP_SEX_OCU_NB_A&ref_area=PSE+JOR&lang=en&type=code&format=.csv";
        assert_eq!(Ilostat.first(&ask).unwrap()[0].url, format!("https://rplumber.ilo.org/data/indicator/?{query}"));
    }
}
