//! `skillgap train weights`: gold in, the weights of ranking and decision out.

use super::{fitted::Fitted, say};
use crate::cli::args::{Common, TaxonomyArguments, TrainWeightsArguments};
use crate::cli::evaluate::body_of;
use crate::cli::evaluate::gold_files::{self, GoldFiles};
use crate::cli::ranking::language_of;
use crate::cli::{Exit, print, taxonomies};
use crate::evaluate::Query;
use crate::extract::{self, ExtractSpec};
use crate::lexicon::Lexicon;
use crate::link::{self, LinkSpec};
use crate::store::{AtomicFile, write_atomic};
use crate::train::{FOLDS, GoldText, OwnTexts, TitleFit, fit_decision, fit_ranking, fit_titles, rank_weights_file};
use crate::types::Taxonomy;
use std::path::PathBuf;

/// Files written.
const RANKING: &str = "rank_weights.toml";
const LINKS: &str = "link_weights.toml";
const MENTIONS: &str = "mention_weights.toml";
const IDLE: &str = "idle_weights.tsv";

/// Fits weights and writes them.
pub fn weights(common: &Common, arguments: &TrainWeightsArguments) -> anyhow::Result<Exit> {
    let gold = read_gold(&arguments.gold)?;
    let titles = read_gold(&arguments.titles)?;
    let lexicon = |taxonomy| taxonomies::lexicon(common, taxonomy, &arguments.vectors);
    let first = lexicon(&arguments.taxonomy)?;
    let also = match &arguments.also_taxonomy {
        paths if paths.is_empty() => None,
        paths => Some(lexicon(&TaxonomyArguments { taxonomy: paths.clone() })?),
    };
    // Made before minutes of work, so that a folder that cannot be written is said at once.
    drop(AtomicFile::create(&arguments.output.join(RANKING))?);
    let skill = |taxonomy: &Taxonomy, uri: &str| taxonomy.skill_index(uri);
    let texts = texts_of(&gold, &first.taxonomy, skill, also.as_ref().map(|_| 1));
    let asking = texts.iter().filter(|text| !text.right.is_empty()).count();
    anyhow::ensure!(
        asking >= FOLDS,
        "{asking} of {} gold texts have a skill of {}: too few to fit on, give more --gold or the --taxonomy it is \
         annotated with",
        texts.len(),
        first.taxonomy.version
    );
    say(&format!("ranking {asking} texts of {} against {}", texts.len(), first.taxonomy.version));
    let ranking = fit_ranking(&first, &texts);
    let titles = fit_on_titles(&titles, &first)?;
    let rank_file = rank_weights_file(&ranking, titles.as_ref());
    say("fitting the decision");
    let others = also.as_ref().map(|lexicon| texts_of(&gold, &lexicon.taxonomy, skill, Some(2)));
    let mut worlds: Vec<(&Lexicon, &[GoldText])> = vec![(&first, &texts)];
    worlds.extend(also.as_ref().zip(others.as_deref()));
    let decision =
        fit_decision(&worlds, ranking.rank_weights(), &OwnTexts::compiled()?, |text| body_of(&text.text, text.lang));
    let versions = worlds.iter().map(|(lexicon, _)| lexicon.taxonomy.version.clone()).collect();
    let fitted = Fitted { command: arguments.command_line(), versions, gold: sizes(&gold), ranking, titles, decision };
    let decided = &fitted.decision;
    let files = [
        (RANKING, fitted.ranking_head(), rank_file),
        (
            LINKS,
            fitted.decision_head(&decided.link_cuts, LinkSpec::default().accept),
            decided.links.to_toml(&link::FEATURES),
        ),
        (
            MENTIONS,
            fitted.decision_head(&decided.mention_cuts, ExtractSpec::default().accept),
            decided.mentions.to_toml(&extract::FEATURES),
        ),
        (IDLE, fitted.idle_head(), decided.idle.to_lines()),
    ];
    for (name, head, body) in &files {
        write_atomic(&arguments.output.join(name), format!("{head}\n{body}").as_bytes())?;
    }
    if common.json {
        print(&serde_json::to_string_pretty(&fitted.to_json())?)?;
    } else {
        fitted.lines().iter().try_for_each(|line| print(line))?;
        print(&format!("\nwritten: {} files in {}", files.len(), arguments.output.display()))?;
    }
    Ok(Exit::Done)
}

/// Every text with its set: the file's name, or the folder's with the language of the text.
fn read_gold(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, Query)>> {
    let mut sets = paths.iter().map(|path| GoldFiles::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    gold_files::name_apart(&mut sets);
    let mut gold = Vec::new();
    for (set, path) in sets.into_iter().zip(paths) {
        let name = set.name.clone();
        let by_language = path.is_dir();
        // All answers are kept here: what a taxonomy lacks differs from taxonomy to taxonomy.
        gold.extend(set.texts(&|_| true)?.into_iter().map(|text| {
            let set = if by_language { format!("{name} {}", text.language()) } else { name.clone() };
            (set, text)
        }));
    }
    Ok(gold)
}

/// Gold texts with their right skills by position; the set also has the number of the taxonomy where there
/// are several.
fn texts_of(
    gold: &[(String, Query)],
    taxonomy: &Taxonomy,
    position: impl Fn(&Taxonomy, &str) -> Option<usize>,
    number: Option<usize>,
) -> Vec<GoldText> {
    let text = |(set, query): &(String, Query)| {
        let right: Vec<usize> = query.gold.iter().filter_map(|uri| position(taxonomy, uri)).collect();
        GoldText {
            text: query.text.clone(),
            lang: language_of(query.lang.as_deref(), &query.text),
            unknown: right.len() < query.gold.len(),
            right,
            set: number.map_or_else(|| set.clone(), |number| format!("{set} ({number})")),
        }
    };
    gold.iter().map(text).collect()
}

/// Fits what ranks titles, where some are given.
fn fit_on_titles(titles: &[(String, Query)], lexicon: &Lexicon) -> anyhow::Result<Option<TitleFit>> {
    if titles.is_empty() {
        return Ok(None);
    }
    let mut texts = texts_of(titles, &lexicon.taxonomy, |taxonomy, uri| taxonomy.occupation_index(uri), None);
    texts.retain(|title| !title.right.is_empty());
    anyhow::ensure!(
        texts.len() >= FOLDS,
        "{} of {} titles have an occupation of {}: too few to fit on",
        texts.len(),
        titles.len(),
        lexicon.taxonomy.version
    );
    say(&format!("ranking {} titles", texts.len()));
    Ok(Some(fit_titles(&lexicon.taxonomy, &lexicon.vectors, &texts)))
}

/// Texts by set, in the order of the sets.
fn sizes(gold: &[(String, Query)]) -> Vec<(String, usize)> {
    let mut sizes: Vec<(String, usize)> = Vec::new();
    for (set, _) in gold {
        match sizes.iter_mut().find(|(name, _)| name == set) {
            Some((_, count)) => *count += 1,
            None => sizes.push((set.clone(), 1)),
        }
    }
    sizes
}
