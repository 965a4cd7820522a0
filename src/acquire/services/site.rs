//! Postings on the pages of any site, by its sitemap.

use super::{About, Answer, Ask, AskError, Holds, Request, Service, Verdict, sitemap};
use crate::acquire::AcquireError;

/// The pages a sitemap lists; each carries its postings as schema.org JobPosting, or is itself one.
pub struct Site;

impl Service for Site {
    fn about(&self) -> About {
        sitemap::about("site", Holds::Postings)
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        sitemap::first(ask)
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        sitemap::next(ask, answer)
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        sitemap::verdict(answer)
    }
}
