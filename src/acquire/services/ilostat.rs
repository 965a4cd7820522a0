//! Statistics of the International Labour Organization, by its service of tables.

use super::about::{optional, required};
use super::answered::{Wanted, unasked};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service};
use crate::acquire::AcquireError;
use std::collections::BTreeMap;

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
            let url = ask.url(&["data", "indicator", ""], &query)?;
            Ok(Request::get(url, Expects::Csv).noting(indicator))
        };
        ask.many("indicator").iter().map(request).collect()
    }

    /// Leads nowhere: figures of another indicator, area or item than asked for are no answer.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let pairs = ask.pairs().map_err(|e| answer.refuse(e.to_string()))?;
        let areas = ask.many("area").iter().map(|area| ("ref_area", area.as_str()));
        let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::from([("indicator", vec![answer.request.note.as_str()])]);
        for (column, items) in areas.chain(pairs) {
            asked.entry(column).or_default().extend(items.split(['+', ' ']).filter(|item| !item.is_empty()));
        }
        let wanted: Vec<Wanted<'_>> = asked.into_iter().map(|(column, items)| Wanted::of(column, items)).collect();
        unasked(&answer.text(), &wanted).map_or(Ok(Vec::new()), |problem| Err(answer.refuse(problem)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;

    #[test]
    fn figures_of_another_indicator_area_or_item_than_asked_for_are_refused() {
        let texts = |texts: &[&str]| Given::Many(texts.iter().map(|text| Given::Text((*text).to_owned())).collect());
        let given = [("indicator", &["EMP_NB_A"][..]), ("area", &["PSE", "ESP"][..]), ("filter", &["sex=SEX_T"][..])];
        let given: BTreeMap<String, Given> =
            given.into_iter().map(|(name, values)| (name.to_owned(), texts(values))).collect();
        let ask = Ask::new(&Ilostat.about(), &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let (request, headers) = (Ilostat.first(&ask).unwrap().remove(0), BTreeMap::new());
        // design/sources.md 5.2
        for (row, words) in [
            ("\"PSE\",\"EMP_NB_A\",\"SEX_T\",\"2022\",1.5", ""),
            ("JOR,EMP_NB_A,SEX_T,2022,1.5", "holds 'JOR' as `ref_area`, where PSE, ESP was asked for"),
            ("PSE,UNE_RT_A,SEX_T,2022,1.5", "holds 'UNE_RT_A' as `indicator`, where EMP_NB_A was asked for"),
            ("PSE,EMP_NB_A,SEX_F,2022,1.5", "holds 'SEX_F' as `sex`, where SEX_T was asked for"),
        ] {
            let body = format!("\u{feff}\"ref_area\",\"indicator\",\"sex\",\"time\",\"obs_value\"\n{row}\n");
            let answer =
                Answer { request: &request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
            let said = Ilostat.next(&ask, &answer).map_err(|e| e.to_string()).err().unwrap_or_default();
            assert!(said.contains(words) && said.is_empty() == words.is_empty(), "{said}");
        }
    }

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
