//! Statistics of Catalonia at its statistics office (Idescat).

use super::about::{optional, required};
use super::request::member;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};

/// `https://api.idescat.cat/taules/v2/{statistic}/{node}/{table}/{geo}/data?lang=ca` as JSON-stat.
pub struct Idescat;

impl Service for Idescat {
    fn about(&self) -> About {
        About {
            id: "idescat",
            holds: Holds::Statistics,
            publisher: "Institut d'Estadística de Catalunya",
            base: "https://api.idescat.cat/taules/v2",
            parameters: const {
                &[
                    required("table", "statistic/node/table/division, one or several: [\"epa/1234/5678/cat\"]"),
                    optional("language", "\"ca\", \"es\" or \"en\"; \"ca\" unless given"),
                    optional("last", "number of last periods: 4"),
                    optional(
                        "filter",
                        "items of its dimensions; over 20,000 cells are refused: [\"SEX=F\", \"COM=TOTAL\"]",
                    ),
                ]
            },
            pause_seconds: 1.0,
            terms: "reuse citing Idescat and https://www.idescat.cat/pub/?id={statistic}&n={table}",
            credential: None,
            vintage: "updated, hash",
            records: (1, 1_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let language = ask.one("language").unwrap_or("ca");
        if !["ca", "es", "en"].contains(&language) {
            return Err(AskError::new("language", format!("\"{language}\" is none of \"ca\", \"es\", \"en\"")));
        }
        let last = ask.number("last")?.map(|count| count.to_string()).unwrap_or_default();
        let mut query = vec![("lang", language)];
        query.extend(ask.pairs()?);
        query.push(("_LAST_", last.as_str()));
        let request = |table: &String| {
            let mut path: Vec<&str> = table.split('/').collect();
            if path.len() != 4 || path.contains(&"") {
                let problem = format!("\"{table}\" is no table such as \"epa/1234/5678/cat\"");
                return Err(AskError::new("table", problem));
            }
            path.push("data");
            Ok(Request::get(ask.url(&path, &query)?, Expects::Json))
        };
        ask.many("table").iter().map(request).collect()
    }

    fn vintage(&self, head: &str) -> Option<String> {
        member(head, "updated")
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        Verdict::in_words(answer)
    }
}
