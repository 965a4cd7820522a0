//! Courses on the pages of any site, by its sitemap.

use super::{About, Answer, Ask, AskError, Holds, Request, Service, sitemap};
use crate::acquire::AcquireError;

/// The pages a sitemap lists; each carries its courses as schema.org Course.
pub struct CourseSite;

impl Service for CourseSite {
    fn about(&self) -> About {
        About {
            id: "course_site",
            holds: Holds::Credentials,
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
