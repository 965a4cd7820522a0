use super::*;
use crate::report::fixture;
use crate::types::{
    DecisionKind, Lang, OccupationFinding, Proposal, ProposalSkill, Transition, TransitionKind, TrendCall,
};
use scraper::{ElementRef, Html, Selector};
use std::collections::{BTreeMap, BTreeSet};

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect()
}

/// Words that `say("…")` and its kin ask for, and those that the script puts together.
fn asked_of_the_catalogue() -> BTreeSet<String> {
    let call = regex::Regex::new(r#"(?:say|words|counted|form|label: say)\(\s*[`"]([a-z_]+)[`"]"#).unwrap();
    call.captures_iter(SCRIPT).map(|c| c[1].to_owned()).collect()
}

/// The fixture with what the workshop page shows beside: occupations, transitions, a proposal.
fn with_all(mut findings: Findings, label: &dyn Fn(&str) -> String) -> Findings {
    let occupation = |rank: u32, name: &str, area: &str, call| OccupationFinding {
        occupation: format!("urn:occupation:{rank}"),
        label: label(name),
        isco: Some("2512".into()),
        area: area.into(),
        rank,
        tied_to: rank,
        posting_count: 300 / u64::from(rank),
        base_count: 7_412,
        employer_count: 90,
        source_count: 5,
        effective_n: 800.0,
        share: Some(0.04 / f64::from(rank)),
        share_low: Some(0.03 / f64::from(rank)),
        share_high: Some(0.05 / f64::from(rank)),
        growth: Some(0.5),
        growth_low: Some(0.2),
        growth_high: Some(0.8),
        call: Some(call),
        outlook_group: (rank == 1).then(|| "25".into()),
        outlook_area: (rank == 1).then(|| "ES".into()),
        outlook_first: (rank == 1).then(|| "2025".into()),
        outlook_last: (rank == 1).then(|| "2035".into()),
        outlook_first_value: (rank == 1).then_some(612.4),
        outlook_last_value: (rank == 1).then_some(743.0),
        outlook_unit: (rank == 1).then(|| label("thousand persons")),
        ..OccupationFinding::default()
    };
    findings.occupations = vec![
        occupation(1, "data analyst", "all", TrendCall::Emerging),
        occupation(2, "statistician", "all", TrendCall::NoClearChange),
        occupation(1, "data analyst", "ES51", TrendCall::TooFew),
    ];
    let share = |transition, area: &str, period: &str, group: &str| Transition {
        transition,
        area: area.into(),
        period: period.into(),
        occupation_group: group.into(),
        posting_count: 500,
        base_count: 7_412,
        employer_count: 120,
        source_count: 5,
        effective_n: 2_000.0,
        share: Some(0.0675),
        share_low: Some(0.05),
        share_high: Some(0.09),
        ..Transition::default()
    };
    let kinds = [TransitionKind::Green, TransitionKind::Digital];
    let cells = [("all", "all", "all"), ("ES51", "all", "all"), ("all", "2026-Q1", "all"), ("all", "all", "2")];
    findings.transitions = kinds.into_iter().flat_map(|k| cells.map(|(a, p, g)| share(k, a, p, g))).collect();
    let skills: Vec<(String, String)> =
        findings.gaps.iter().take(3).map(|g| (g.demand.skill.clone(), g.demand.label.clone())).collect();
    findings.proposals.skills = skills.iter().enumerate().map(|(i, (id, name))| proposed(i, id, name)).collect();
    findings.proposals.proposals = vec![proposal()];
    findings
}

fn proposed(at: usize, skill: &str, label: &str) -> ProposalSkill {
    let json = serde_json::json!({
        "proposal": "00ff", "rank": at + 1, "skill": skill, "label": label, "posting_count": 400, "base_count": 7412,
        "employer_count": 120, "source_count": 5, "share": 0.06, "share_low": 0.05, "share_high": 0.07, "coverage": 0.0,
        "unmet_per_100": 6.0, "unmet_low": 5.0, "unmet_high": 7.0, "association": 0.3, "mark": null,
    });
    serde_json::from_value(json).unwrap()
}

fn proposal() -> Proposal {
    let json = serde_json::json!({
        "proposal": "00ff", "title": "a + b", "rank": 1, "tied_to": 1, "skill_count": 3, "ects": 3.0, "posting_count": 700,
        "base_count": 7412, "employer_count": 200, "source_count": 5, "share": 0.09, "share_low": 0.08, "share_high": 0.1,
        "together_count": 40, "together_employers": 30, "together_sources": 4, "together_share": 0.005,
        "together_low": 0.004, "together_high": 0.006, "association": 0.3, "eqf_low": 4, "eqf_high": 6, "eqf_count": 40,
        "overlap_credential": null, "overlap_title": null, "overlap_share": 0.0, "unmet_per_100": 18.0, "unmet_low": 15.0,
        "unmet_high": 21.0, "coverage_before": 0.3, "coverage_after": 0.35, "closed_points": 5.0, "closed_low": 4.0,
        "closed_high": 6.0, "mark": null,
    });
    serde_json::from_value(json).unwrap()
}

fn realistic() -> Findings {
    with_all(fixture::realistic(), &str::to_owned)
}

fn hostile() -> Findings {
    with_all(fixture::hostile(), &|name| format!("{}{name}", fixture::HOSTILE[1]))
}

fn block(page: &Html) -> serde_json::Value {
    serde_json::from_str(&text(all(page, "script#data")[0])).unwrap()
}

#[test]
fn hostile_texts_are_text_in_the_tables_and_data_in_the_block_and_nothing_else() {
    let findings = hostile();
    let html = workshop_page(&findings).unwrap();
    let page = Html::parse_document(&html);
    let forbidden = [
        "img",
        "svg *[onload]",
        "link",
        "iframe",
        "object",
        "base",
        "form",
        "[style]",
        "[src]",
        "[onerror]",
        "[onmouseover]",
    ];
    for selector in forbidden {
        assert!(all(&page, selector).is_empty(), "{selector}");
    }
    assert_eq!(html.matches("<script").count(), 2, "the data and the script");
    assert_eq!((html.matches("</script").count(), html.matches("<!--").count()), (2, 0));
    assert_eq!(all(&page, "style").len(), 1);
    let data = block(&page);
    let shown: BTreeSet<String> = all(&page, "bdi").into_iter().map(text).collect();
    for outcome in &findings.outcomes {
        let said = crate::report::phrase::readable(&outcome.text);
        assert!(outcome.links.is_empty() || shown.contains(&said), "{said}");
        let listed =
            data["outcomes"].as_array().unwrap().iter().find(|o| o["id"] == outcome.outcome.0.as_str()).unwrap();
        assert_eq!(listed["text"], said.as_str());
    }
    for gap in findings.gaps.iter().filter(|g| g.programme == "portfolio") {
        assert!(shown.contains(&crate::report::phrase::readable(&gap.demand.label)), "{}", gap.demand.label);
    }
    assert_eq!(text(all(&page, "h1")[0]), findings.meta.title);
}

#[test]
fn the_policy_names_the_one_script_and_the_one_style_sheet_of_the_page_by_their_hashes() {
    let page = Html::parse_document(&workshop_page(&hostile()).unwrap());
    let allowed = all(&page, "meta[http-equiv]")[0].value().attr("content").unwrap();
    let script = policy::source(&text(all(&page, "script:not([type])")[0]));
    let style = policy::source(&text(all(&page, "style")[0]));
    assert_eq!(
        allowed,
        format!("default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'")
    );
}

#[test]
fn the_script_makes_elements_and_texts_and_never_markup_code_dialogs_or_requests() {
    let banned = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "eval(",
        "Function(",
        "setAttribute(\"style",
        ".style.",
        ".style=",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "import(",
        "alert(",
        "confirm(",
        "prompt(",
        "http:",
        "https:",
    ];
    for word in banned {
        assert!(!SCRIPT.contains(word), "{word}");
    }
    assert!(SCRIPT.starts_with("\"use strict\";"));
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    assert_eq!(workshop_page(&realistic()).unwrap(), workshop_page(&realistic()).unwrap());
}

#[test]
fn every_word_that_template_and_script_ask_for_is_in_the_catalogue_and_no_other() {
    let messages = Messages::of(Lang::En).unwrap();
    let said = &messages.texts()["workshop_script"];
    let asked = asked_of_the_catalogue();
    assert!(asked.len() > 100, "{}", asked.len());
    for key in &asked {
        assert!(said.contains_key(key), "{key}");
    }
    // Keys that the script puts together: the beginnings of `${…}`, and words kept in lists and passed on.
    let built = regex::Regex::new(r"`([a-z]+_)\$\{").unwrap();
    let beginnings: BTreeSet<&str> = built.captures_iter(SCRIPT).map(|c| c.get(1).unwrap().as_str()).collect();
    let quoted = regex::Regex::new(r#""([a-z_]+)""#).unwrap();
    let quoted: BTreeSet<&str> = quoted.captures_iter(SCRIPT).map(|c| c.get(1).unwrap().as_str()).collect();
    for key in said.keys() {
        let base = key.strip_suffix("_one").unwrap_or(key);
        let prefixed = beginnings.iter().any(|b| base.starts_with(b))
            || ["trend_", "transition_", "strength_"].iter().any(|b| base.starts_with(b));
        let known = asked.contains(base) || quoted.contains(base) || prefixed;
        assert!(known || base == "thousands" || base.ends_with("_of"), "{key} is said nowhere");
    }
    let sources = concat!(
        include_str!("../templates/workshop_page.html"),
        include_str!("skills.rs"),
        include_str!("occupations.rs"),
        include_str!("judged.rs"),
        include_str!("parts.rs"),
    );
    let built = ["_short", "_heading", "_lead", "_caption", "taught_", "sentences_"];
    for key in messages.texts()["workshop_page"].keys() {
        assert!(sources.contains(&format!("workshop_page.{key}")) || built.iter().any(|b| key.contains(b)), "{key}");
    }
    for findings in [realistic(), hostile()] {
        assert!(!workshop_page(&findings).unwrap().replace("⟦${key}⟧", "").contains('⟦'));
    }
}

fn translated() -> Vec<(Lang, String)> {
    let findings = realistic();
    editions::others(&findings).map(|f| (f.meta.language, workshop_page(&f).unwrap())).collect()
}

#[test]
fn no_english_sentence_of_ours_is_left_on_a_page_in_another_language() {
    let sentences = |language| -> BTreeMap<String, String> {
        let m = Messages::of(language).unwrap();
        let own = ["workshop_page", "workshop_script"].iter().flat_map(|s| m.texts()[*s].clone());
        own.filter(|(_, t)| t.chars().filter(|c| c.is_alphabetic()).count() > 12).collect()
    };
    let english = sentences(Lang::En);
    assert!(english.len() > 120, "{}", english.len());
    let pages = translated();
    assert_eq!(pages.len(), 3);
    for (language, html) in pages {
        let own = sentences(language);
        let page = Html::parse_document(&html);
        let words = all(&page, "body > :not(script)").into_iter().map(text).collect::<String>();
        let data = block(&page);
        for (key, sentence) in &english {
            let same = own.get(key).is_some_and(|t| t == sentence);
            assert!(
                same || !words.contains(sentence.split('{').next().filter(|s| s.len() > 12).unwrap_or("⟦")),
                "{language:?} {key}"
            );
            assert!(same || data["t"].get(key).is_none_or(|t| t != sentence.as_str()), "{language:?} {key}");
        }
        let root = page.root_element().value();
        assert_eq!(
            (root.attr("lang"), root.attr("dir")),
            (Some(language.code()), Some(if language == Lang::Ar { "rtl" } else { "ltr" }))
        );
        let links: Vec<&str> = all(&page, ".editions a").iter().filter_map(|a| a.value().attr("href")).collect();
        assert!(links.len() == 3 && links.contains(&"workshop-page.html"), "{links:?}");
    }
    let findings = realistic();
    let arabic = editions::others(&findings).find(|f| f.meta.language == Lang::Ar).unwrap();
    assert_eq!(
        (file_name(&findings), file_name(&arabic)),
        ("workshop-page.html".into(), "workshop-page.ar.html".into())
    );
}

#[test]
fn rows_and_data_agree_and_the_block_says_which_edition_is_decided_on() {
    let findings = realistic();
    let page = Html::parse_document(&workshop_page(&findings).unwrap());
    let data = block(&page);
    assert_eq!(data["edition"], "demo@2026-06-30");
    let skills = data["skills"].as_array().unwrap();
    for row in all(&page, "tr[data-kind=skill]") {
        let at: usize = row.value().attr("data-at").unwrap().parse().unwrap();
        let name = row.select(&Selector::parse("th .first").unwrap()).next().unwrap();
        assert_eq!(text(name), skills[at]["name"].as_str().unwrap());
    }
    let matches = all(&page, "tr[data-kind=match]");
    assert!(matches.len() > 20 && matches.len() == data["matches"].as_array().unwrap().len());
    for row in matches {
        let at: usize = row.value().attr("data-at").unwrap().parse().unwrap();
        let pair = &data["matches"][at];
        let names: Vec<String> = row.select(&Selector::parse(".first").unwrap()).take(2).map(text).collect();
        assert_eq!(names[0], data["outcomes"][pair[0].as_u64().unwrap() as usize]["text"].as_str().unwrap());
        assert_eq!(names[1], skills[pair[1].as_u64().unwrap() as usize]["name"].as_str().unwrap());
    }
    let sql = skills.iter().find(|s| s["name"] == "teamwork").unwrap();
    assert!(sql["also"].as_array().unwrap().iter().any(|n| n == "العمل الجماعي"), "found in every language: {sql}");
}

#[test]
fn the_page_hands_out_the_sentences_that_the_edition_drew_in_every_language_the_same() {
    let findings = realistic();
    let sheet = findings.workshop.sheet.iter().filter(|row| row.kind == DecisionKind::Mention);
    let drawn: Vec<(&str, &str)> = sheet.map(|row| (row.subject.as_str(), row.value.as_str())).collect();
    assert_eq!(drawn.len(), 20);
    for edition in std::iter::once(findings.clone()).chain(editions::others(&findings)) {
        let page = Html::parse_document(&workshop_page(&edition).unwrap());
        let data = block(&page);
        let handed_out = data["mentions"].as_array().unwrap();
        let said: Vec<(&str, &str)> =
            handed_out.iter().map(|m| (m["posting"].as_str().unwrap(), m["words"].as_str().unwrap())).collect();
        assert_eq!(said, drawn);
        let marked: Vec<String> = all(&page, "#mentions-table mark").into_iter().map(text).collect();
        assert!(marked.iter().zip(&drawn).all(|(mark, (_, words))| mark == words) && marked.len() == 20, "{marked:?}");
    }
}

#[test]
fn whatever_the_size_of_the_findings_the_page_stays_under_five_megabytes_and_says_what_was_cut() {
    let mut findings = realistic();
    let outcome = findings.outcomes.iter().find(|o| o.links.len() > 1).unwrap().clone();
    findings.outcomes = (0..10_000)
        .map(|i| {
            let mut outcome = outcome.clone();
            outcome.outcome = crate::types::OutcomeId(format!("{i:016x}"));
            outcome.text = "<&>\"'".repeat(120);
            outcome
        })
        .collect();
    let gap = findings.gaps.iter().find(|g| g.programme == "portfolio").unwrap().clone();
    findings.gaps.extend((0..20_000).map(|i| {
        let mut gap = gap.clone();
        gap.demand.skill = format!("urn:{i}");
        gap
    }));
    let html = workshop_page(&findings).unwrap();
    assert!(html.len() <= MOST_BYTES, "{}", html.len());
    assert!(html.contains("of 20,000; all rows are in outcomes.csv"));
    let page = Html::parse_document(&html);
    let data = block(&page);
    let (listed, known) = (data["skills"].as_array().unwrap().len(), data["skill_count"].as_u64().unwrap());
    assert!(known > 20_000 && listed < 20_000, "{listed} of {known}");
    let positions = data["matches"].as_array().unwrap().iter().map(|m| m[1].as_u64().unwrap() as usize);
    assert!(positions.max().unwrap() < listed, "every row knows its skill");
}

#[test]
fn findings_without_anything_still_give_a_page() {
    let findings = Findings { meta: fixture::realistic().meta, ..Findings::default() };
    let html = workshop_page(&findings).unwrap();
    let page = Html::parse_document(&html);
    assert!(all(&page, "tbody tr").is_empty());
    assert!(html.contains("not sorted by occupation"));
}

/// Pages for the browser tests: `cargo test --lib writes_hostile_workshop_pages -- --ignored`.
#[test]
#[ignore = "writes files for tests/browser"]
fn writes_hostile_workshop_pages() {
    let folder = std::env::temp_dir().join("skillgap-workshop");
    for language in Lang::ALL {
        let mut findings = hostile();
        findings.meta.language = language;
        let file = folder.join(format!("workshop-page.{}.html", language.code()));
        crate::store::write_atomic(&file, workshop_page(&findings).unwrap().as_bytes()).unwrap();
    }
}
