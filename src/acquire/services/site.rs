//! Postings on the pages of any site, by its sitemap.

use super::{About, Answer, Ask, AskError, Holds, Request, Service, sitemap};
use crate::acquire::AcquireError;

/// The pages a sitemap lists; each carries its postings as schema.org JobPosting, or is itself one.
pub struct Site;

impl Service for Site {
    fn about(&self) -> About {
        About {
            id: "site",
            holds: Holds::Postings,
            publisher: "the site that `base_url` names",
            base: "",
            parameters: sitemap::PARAMETERS,
            pause_seconds: 1.0,
            terms: "those of the site: read them before it is asked",
            credential: None,
            vintage: "lastmod of the sitemap, hash of each page",
            records: (0, 100_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        sitemap::first(ask)
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        sitemap::next(ask, answer)
    }
}
