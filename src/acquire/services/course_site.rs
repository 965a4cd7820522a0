//! Courses on the pages of any site, by its sitemap.

use super::{About, Answer, Ask, AskError, Holds, Request, Service, Verdict, sitemap};
use crate::acquire::AcquireError;

/// The pages a sitemap lists; each carries its courses as schema.org Course.
pub struct CourseSite;

impl Service for CourseSite {
    fn about(&self) -> About {
        sitemap::about("course_site", Holds::Credentials)
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
