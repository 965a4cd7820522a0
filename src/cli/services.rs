//! `skillgap sources services|check|freshness` and `skillgap purge`: what is asked over the network, and what is kept of it.

use super::args::{Common, PurgeArguments};
use super::plans::{network, read_plan};
use super::progress::{Terminal, printable};
use super::table::{aligned, thousands};
use super::{Exit, print};
use crate::acquire::services::all;
use crate::pipeline::{self, Run};
use crate::store::{DataDir, DataLock};
use std::path::Path;

/// Lists every service: its keys, its terms, how a new vintage shows.
pub fn services(common: &Common) -> anyhow::Result<Exit> {
    let cards: Vec<_> = all().iter().map(|service| service.about()).collect();
    if common.json {
        print(&serde_json::to_string_pretty(&cards)?)?;
        return Ok(Exit::Done);
    }
    for card in cards {
        let kind = pipeline::name_of(&pipeline::SourceKind::of(card.holds));
        print(&format!("{} ({kind}): {}", card.id, card.publisher))?;
        print(&format!("    address: {}", if card.base.is_empty() { "base_url of the plan" } else { card.base }))?;
        for parameter in card.parameters {
            let must = if parameter.required { "needed" } else { "may be given" };
            print(&format!("    ask.{} ({must}): {}", parameter.name, parameter.about))?;
        }
        if let Some((variable, header)) = card.credential {
            print(&format!("    key: environment variable {variable}, sent as {header}"))?;
        }
        print(&format!("    terms: {}", card.terms))?;
        print(&format!("    vintage: {}; at least {} s between questions", card.vintage, card.pause_seconds))?;
    }
    Ok(Exit::Done)
}

/// Asks each service of a plan its first question.
pub fn check(common: &Common, path: &Path) -> anyhow::Result<Exit> {
    let plan = read_plan(common, path)?;
    let Some(network) = network(common, true) else {
        anyhow::bail!("sources check asks over the network; leave --offline out");
    };
    let data = DataDir::new(&common.data_dir);
    let _lock = DataLock::take(data.root(), &format!("process {}, skillgap sources check", std::process::id()))?;
    let progress = Terminal::new();
    let probes = pipeline::probe(&Run::new(&plan, &data, &progress, false), &network)?;
    if common.json {
        print(&serde_json::to_string_pretty(&probes)?)?;
    } else {
        let mut table = vec![["source", "service", "usable", "found", "asked at"].map(str::to_owned).to_vec()];
        for p in &probes {
            let usable = if p.usable { "yes" } else { "NO" };
            table.push(vec![p.source.clone(), p.service.to_owned(), usable.to_owned(), p.found.clone(), p.url.clone()]);
        }
        aligned(&table).iter().try_for_each(|line| print(&printable(line)))?;
    }
    Ok(if probes.iter().all(|p| p.usable) { Exit::Done } else { Exit::SourceRefused })
}

/// Says how old the answers of a plan's services are.
pub fn freshness(common: &Common, path: &Path) -> anyhow::Result<Exit> {
    let plan = read_plan(common, path)?;
    let data = DataDir::new(&common.data_dir);
    let progress = Terminal::new();
    let Some(now) = pipeline::Network::at(jiff::Timestamp::now(), false) else { anyhow::bail!("the clock is unset") };
    let rows = pipeline::freshness(&Run::new(&plan, &data, &progress, false), &now)?;
    if common.json {
        print(&serde_json::to_string_pretty(&rows)?)?;
        return Ok(Exit::Done);
    }
    let heads = ["source", "service", "complete since", "hours", "records", "sets", "due", "vintage", "last try"];
    let mut table = vec![heads.map(str::to_owned).to_vec()];
    for r in rows {
        let since = r.completed_at.unwrap_or_else(|| "never asked".to_owned());
        let hours = r.age_hours.map_or_else(|| "-".to_owned(), |h| h.to_string());
        let tried = r.failed.map_or_else(|| "complete".to_owned(), |(day, problem)| format!("{day}: {problem}"));
        let due = if r.due { "yes" } else { "no" };
        let records = thousands(r.records);
        let more = if r.vintages.len() > 1 { format!(" +{}", r.vintages.len() - 1) } else { String::new() };
        let vintage = r.vintages.last().map_or_else(|| "by hash".to_owned(), |newest| format!("{newest}{more}"));
        let (service, sets) = (r.service.to_owned(), r.sets.to_string());
        table.push(vec![r.source, service, since, hours, records, sets, due.to_owned(), vintage, tried]);
    }
    aligned(&table).iter().try_for_each(|line| print(&printable(line)))?;
    Ok(Exit::Done)
}

/// Removes texts of postings that are older than the plan keeps them.
pub fn purge(common: &Common, arguments: &PurgeArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let data = DataDir::new(&common.data_dir);
    let _lock = DataLock::take(data.root(), &format!("process {}, skillgap purge {}", std::process::id(), plan.name))?;
    let Some(now) = pipeline::Network::at(jiff::Timestamp::now(), false) else { anyhow::bail!("the clock is unset") };
    let purged = pipeline::purge(&plan, &data, now.today, arguments.all)?;
    if common.json {
        print(&serde_json::to_string_pretty(&purged)?)?;
        return Ok(Exit::Done);
    }
    print(&format!("{} sets of answers purged, {} snapshots removed", purged.editions, purged.snapshots))?;
    if !purged.stages.is_empty() {
        print(&format!("results that held texts removed: {}", purged.stages.join(", ")))?;
    }
    Ok(Exit::Done)
}
