//! Micro-credentials as documents of the European Learning Model, each at its address.

use super::about::required;
use super::{About, Ask, AskError, Expects, Holds, Request, Service, sitemap};

/// Documents in JSON-LD: European Digital Credentials, signed or not, and catalogues of specifications.
pub struct ElmCatalogue;

impl Service for ElmCatalogue {
    fn about(&self) -> About {
        About {
            id: "elm_catalogue",
            holds: Holds::Credentials,
            publisher: "the bodies that publish the documents",
            base: "",
            parameters: const {
                &[required(
                    "url",
                    "documents in JSON-LD, one or several, as addresses or paths below base_url: [\"catalogue.jsonld\"]",
                )]
            },
            pause_seconds: 1.0,
            terms: "those of the publisher; the model itself is under the EUPL 1.2",
            credential: None,
            vintage: "hash",
            records: (1, 100_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let request = |given: &String| {
            let url = sitemap::absolute(ask, "url", given)?;
            Ok(Request::get(url, Expects::Json).accepting("application/ld+json, application/json;q=0.9"))
        };
        ask.many("url").iter().map(request).collect()
    }
}
