//! What a plan must hold beyond its syntax.

use super::{Plan, Source, SourceKind};
use crate::acquire::encoding_named;
use crate::acquire::services::{self, Ask};
use crate::types::Lang;

impl Plan {
    pub(super) fn check(&self) -> Result<(), String> {
        for kind in [SourceKind::Postings, SourceKind::Taxonomy, SourceKind::Credentials] {
            if self.of_kind(kind).next().is_none() {
                let name = format!("{kind:?}").to_lowercase();
                return Err(format!("no [[source]] has kind = \"{name}\"; a run needs at least one"));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = self.sources.iter().find(|s| !seen.insert(&s.id)) {
            return Err(format!("two sources have id = \"{}\"; ids are unique in a plan", twice.id));
        }
        if let Some(problem) = self.fetch.problem() {
            return Err(problem);
        }
        for source in &self.sources {
            source.contract.check(&self.drift).map_err(|e| format!("source '{}': {e}", source.id))?;
            self.check_service(source).map_err(|problem| format!("source '{}': {problem}", source.id))?;
            if let Some(name) = &source.encoding {
                encoding_named(name).map_err(|e| format!("source '{}': {e}", source.id))?;
            }
            if let Some(join) = &source.join {
                join.on.pair().map_err(|e| format!("source '{}': {e}", source.id))?;
                if source.kind != SourceKind::Postings {
                    return Err(format!("source '{}': only postings can have [source.join]", source.id));
                }
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = self.programmes.iter().find(|p| !seen.insert(&p.id)) {
            return Err(format!("two programmes have id = \"{}\"; ids are unique in a plan", twice.id));
        }
        for source in &self.sources {
            known_area(source)?;
        }
        self.check_languages()?;
        let shares = [
            ("clean.near_duplicate_similarity", self.clean.near_duplicate_similarity, 0.5),
            ("extract.accept", f64::from(self.extract.accept), 0.0),
            ("extract.review", f64::from(self.extract.review), 0.0),
            ("link.accept", f64::from(self.link.accept), 0.0),
            ("link.review", f64::from(self.link.review), 0.0),
            ("trends.false_discovery_rate", self.trends.false_discovery_rate, 0.0),
        ];
        if let Some((key, value, least)) = shares.into_iter().find(|(_, v, least)| !(*least..=1.0).contains(v)) {
            return Err(format!("{key} = {value} must lie between {least} and 1"));
        }
        if self.extract.review > self.extract.accept || self.link.review > self.link.accept {
            return Err("the review threshold must not be above the accept threshold".to_owned());
        }
        crate::link::ModelSpec::check(&self.link.models)?;
        self.credentials.validate()?;
        self.proposals.validate()?;
        self.drift.check()?;
        self.ledger.check()?;
        if self.correction.as_ref().is_some_and(|c| c.reviewed.is_none()) && self.review.register.is_none() {
            return Err(
                "[correction] names no file: give correction.reviewed, or review.register with judged mentions"
                    .to_owned(),
            );
        }
        if !(self.trends.emerging_ratio >= 1.0 && self.trends.emerging_ratio.is_finite()) {
            let ratio = self.trends.emerging_ratio;
            return Err(format!("trends.emerging_ratio = {ratio} must be 1 or more: 1.5 is half as much again"));
        }
        self.check_weights()?;
        if self.measure.from.zip(self.measure.to).is_some_and(|(from, to)| from > to) {
            return Err("measure.from is after measure.to".to_owned());
        }
        crate::lexicon::sectors::check(&self.measure.priority_sectors)
            .map_err(|e| format!("measure.priority_sectors: {e}"))
    }

    /// A source has files or a service; a service is known, gives what the source holds, and can be asked.
    fn check_service(&self, source: &Source) -> Result<(), String> {
        let Some(id) = &source.service else {
            return match &source.path {
                Some(_) if source.ask.is_empty() => Ok(()),
                Some(_) => Err("`ask` is for a service, and it has none: add `service`".to_owned()),
                None => Err("it has neither `path` nor `service`; give one of them".to_owned()),
            };
        };
        if source.path.is_some() || source.join.is_some() {
            return Err("it has both `service` and `path` or `join`; give one of them".to_owned());
        }
        let Some(service) = services::named(id) else {
            let near = super::nearest(id, services::all().iter().map(|s| s.about().id));
            let hint = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
            return Err(format!("service = \"{id}\" is none that is known (`skillgap sources services`){hint}"));
        };
        let about = service.about();
        if SourceKind::of(about.holds) != source.kind {
            let kind = crate::pipeline::name_of(&SourceKind::of(about.holds));
            return Err(format!("service \"{id}\" gives {kind}: say kind = \"{kind}\""));
        }
        let ask = Ask::new(&about, &source.ask, self.as_of).map_err(|e| e.to_string())?;
        match service.first(&ask).map_err(|e| e.to_string())?.is_empty() {
            true => Err("`ask` asks for nothing".to_owned()),
            false => Ok(()),
        }
    }

    /// Weights and outlook name a source of statistics; weights have a cap.
    fn check_weights(&self) -> Result<(), String> {
        let weights = self.weights.as_ref().map(|w| ("weights", &w.source));
        let outlook = self.outlook.as_ref().map(|o| ("outlook", &o.source));
        for (table, source) in weights.into_iter().chain(outlook) {
            if self.source(source).is_none_or(|s| s.kind != SourceKind::Statistics) {
                return Err(format!("{table}.source = \"{source}\" is no [[source]] of kind \"statistics\""));
            }
        }
        let Some(weights) = &self.weights else { return Ok(()) };
        if !(weights.cap >= 1.0 && weights.cap.is_finite()) {
            return Err(format!("weights.cap = {} must be 1 or more: 5 lets a posting count for five", weights.cap));
        }
        Ok(())
    }

    /// Every language of the report is one of the four, and is named once.
    fn check_languages(&self) -> Result<(), String> {
        let mut seen = std::collections::BTreeSet::from([self.language]);
        if let Some(twice) = self.also_in.iter().find(|l| !seen.insert(**l)) {
            return Err(format!("also_in names \"{}\" although the report is written in it anyway", twice.code()));
        }
        if seen.contains(&Lang::Und) {
            return Err("language and also_in take \"en\", \"es\", \"ca\" and \"ar\"".to_owned());
        }
        match self.titles.keys().find(|l| !seen.contains(l)) {
            Some(idle) => Err(format!("titles.{0} is given, but \"{0}\" is not in also_in", idle.code())),
            None => Ok(()),
        }
    }
}

/// Refuses an area that is a name: a code of a country we have no names for is still a code.
fn known_area(source: &Source) -> Result<(), String> {
    let Some(area) = source.area.as_deref() else { return Ok(()) };
    let is_code = (2..=7).contains(&area.len())
        && area.starts_with(|c: char| c.is_ascii_uppercase())
        && area.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if is_code {
        return Ok(());
    }
    let meant = crate::clean::Areas::built_in().resolve(area, None);
    let hint = meant.map(|code| format!("; did you mean \"{}\"?", code.0)).unwrap_or_default();
    Err(format!(
        "source '{}': area = \"{area}\" is not a code such as \"ES\", \"ES51\" or \"PS\" (data/reference/areas.csv){hint}",
        source.id
    ))
}
