//! Demand beside how much of the offer goes to each skill. Coverage says whether a skill is taught; this says how much of it,
//! and so catches what is offered beyond its demand.

use crate::measure::count::cells::Scope;
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::mentions::Asked;
use crate::measure::learners::interest::teaching;
use crate::measure::{MeasureInputs, MeasureSpec, NamedSkill};
use crate::types::{Credential, Provision};
use std::collections::BTreeMap;

/// Parts of an offer by skill: each credential's amount is shared out evenly over the skills it teaches.
fn parts<'a>(
    teaching: &BTreeMap<&'a str, Vec<&Credential>>,
    amount: impl Fn(&Credential) -> Option<f64>,
) -> BTreeMap<&'a str, f64> {
    let mut taught: BTreeMap<&str, u32> = BTreeMap::new();
    teaching.values().flatten().for_each(|c| *taught.entry(c.id.0.as_str()).or_default() += 1);
    let share = |c: &&Credential| {
        let amount = amount(c).filter(|a| a.is_finite() && *a > 0.0)?;
        Some(amount / f64::from(taught.get(c.id.0.as_str()).copied().unwrap_or(1)))
    };
    let sums: BTreeMap<&str, f64> =
        teaching.iter().map(|(skill, own)| (*skill, own.iter().filter_map(share).sum())).collect();
    let all: f64 = sums.values().sum();
    sums.into_iter().filter(|(_, sum)| *sum > 0.0 && all > 0.0).map(|(skill, sum)| (skill, sum / all)).collect()
}

/// A row for every skill that a micro-credential teaches, the most over-supplied first.
pub fn provisions(inputs: &MeasureInputs, shares: &Shares, asked: &Asked, spec: &MeasureSpec) -> Vec<Provision> {
    let teaching = teaching(inputs);
    let share_of = |skill: &str| shares.get(Scope::WHOLE, asked.code(skill).unwrap_or(u32::MAX));
    let requests: u64 = teaching.keys().map(|skill| share_of(skill).asking).sum();
    let places = parts(&teaching, |c| c.places.map(f64::from));
    let ects = parts(&teaching, |c| c.ects);
    let row = |(skill, own): (&&str, &Vec<&Credential>)| {
        let share = share_of(skill);
        let name = NamedSkill::new(skill, inputs.taxonomy, spec.language);
        provision(&name, &share, requests, own, [places.get(skill).copied(), ects.get(skill).copied()])
    };
    let mut rows: Vec<Provision> = teaching.iter().map(row).collect();
    let ratio = |p: &Provision| p.places_ratio.or(p.ects_ratio).unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)).then_with(|| a.skill.cmp(&b.skill)));
    rows
}

fn provision(
    name: &NamedSkill,
    share: &Share,
    requests: u64,
    own: &[&Credential],
    [places_part, ects_part]: [Option<f64>; 2],
) -> Provision {
    let demand_part = share.value.filter(|_| requests > 0).map(|_| share.asking as f64 / requests as f64);
    // The ends move with the share's; what the other skills add up to is taken as it is.
    let ratios = |part: Option<f64>| {
        let ((value, low, high), part) = share.value.filter(|_| requests > 0).zip(part)?;
        let scale = share.base as f64 / requests as f64 / part;
        Some((value * scale, low * scale, high * scale))
    };
    let (by_places, by_ects) = (ratios(places_part), ratios(ects_part));
    let levels = || own.iter().filter_map(|c| c.eqf_level.map(u32::from));
    Provision {
        skill: name.id.clone(),
        label: name.label.clone(),
        posting_count: share.asking,
        base_count: share.base,
        employer_count: share.employers,
        source_count: share.sources,
        demand_part,
        credential_count: own.len() as u64,
        eqf_low: levels().min(),
        eqf_high: levels().max(),
        places_part,
        ects_part,
        places_ratio: by_places.map(|r| r.0),
        places_ratio_low: by_places.map(|r| r.1),
        places_ratio_high: by_places.map(|r| r.2),
        ects_ratio: by_ects.map(|r| r.0),
        ects_ratio_low: by_ects.map(|r| r.1),
        ects_ratio_high: by_ects.map(|r| r.2),
        surplus: by_places.or(by_ects).is_some_and(|(.., high)| high < 1.0),
        mark: share.mark,
    }
}
