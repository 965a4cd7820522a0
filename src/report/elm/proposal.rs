//! Proposals of an edition as micro-credentials that nobody offers yet.

use super::described::{Described, Outcome, Row, Texts, is_esco_skill, positive, said, statement, urn};
use super::speech::Speech;
use super::template;
use crate::report::messages::{Messages, mark_text};
use crate::report::phrase::{Phrase, Piece};
use crate::types::{Date, Findings, Lang, Proposal, ProposalOccupation, ProposalSkill};

const STATUS: &str = "proposal, not signed";

/// Every proposal, in the order of the edition.
pub fn all(findings: &Findings, speech: &Speech<'_>) -> Vec<Described> {
    findings.proposals.proposals.iter().map(|proposal| described(findings, speech, proposal)).collect()
}

/// Midnight of the edition's day, as the model writes it.
pub fn modified(findings: &Findings) -> Option<String> {
    findings.meta.as_of.parse::<Date>().ok().map(|day| format!("{day}T00:00:00Z"))
}

fn described(findings: &Findings, speech: &Speech<'_>, proposal: &Proposal) -> Described {
    let all = &findings.proposals;
    let skills: Vec<&ProposalSkill> = all.skills.iter().filter(|s| s.proposal == proposal.proposal).collect();
    let occupations: Vec<_> = all.occupations.iter().filter(|o| o.proposal == proposal.proposal).collect();
    let outcomes = skills.iter().map(|skill| outcome(speech, &skill.skill)).collect();
    let mut title = title(speech, &skills);
    title.entry(speech.code()).or_insert_with(|| proposal.title.clone());
    let mut found = Described {
        iri: urn(&["proposal", &proposal.proposal]),
        status: STATUS,
        modified: modified(findings),
        title,
        description: description(speech, &skills),
        notes: notes(findings, speech, proposal, &occupations),
        languages: vec![speech.code().to_owned()],
        ects: positive(Some(proposal.ects)),
        eqf: level(proposal),
        outcomes,
        ..Described::default()
    };
    found.row = row(&found, speech.code(), &proposal.proposal, &occupations);
    found
}

/// A working title in each language that names all of its skills.
fn title(speech: &Speech<'_>, skills: &[&ProposalSkill]) -> Texts {
    let titled = |m: &Messages| {
        let names: Option<Vec<String>> = skills.iter().take(3).map(|s| speech.native(&s.skill, m.language)).collect();
        let names = names.filter(|names| !names.is_empty())?;
        Some(vec![Piece::own(crate::types::Proposals::title(names.iter().map(String::as_str)))])
    };
    speech.each(titled)
}

fn description(speech: &Speech<'_>, skills: &[&ProposalSkill]) -> Texts {
    speech.each(|m| {
        let names = skills.iter().map(|s| vec![Piece::own(speech.name(&s.skill, m.language))]).collect();
        Some(m.phrase("elm.description", &[("skills", m.list(names))]))
    })
}

/// The draft statement about a skill, in the languages that name it.
fn outcome(speech: &Speech<'_>, skill: &str) -> Outcome {
    let mut statement_of = speech.each(|m| draft(m, &speech.native(skill, m.language)?));
    for text in statement_of.values_mut() {
        *text = statement(text);
    }
    Outcome { statement: statement_of, skills: vec![speech.skill(skill)] }
}

/// What a learner could do with a skill: a frame that people fill.
pub fn draft(m: &Messages, skill: &str) -> Option<Phrase> {
    Some(m.phrase("elm.outcome", &[("skill", vec![Piece::own(skill)])]))
}

/// A level only where the postings suggest one and no range.
fn level(proposal: &Proposal) -> Option<u8> {
    let low = proposal.eqf_low.filter(|low| Some(*low) == proposal.eqf_high)?;
    u8::try_from(low).ok().filter(|level| (1..=8).contains(level))
}

fn notes(
    findings: &Findings,
    speech: &Speech<'_>,
    proposal: &Proposal,
    occupations: &[&ProposalOccupation],
) -> Vec<Texts> {
    let notes = vec![
        provenance(findings, speech, "elm.provenance"),
        speech.each(|m| Some(evidence(m, proposal))),
        speech.each(|m| {
            let (low, high) = (proposal.eqf_low?, proposal.eqf_high?);
            let values = [("low", low.to_string()), ("high", high.to_string()), ("n", m.count(proposal.eqf_count))];
            Some(m.fill(if low == high { "elm.level" } else { "elm.levels" }, &values))
        }),
        speech.each(|m| {
            let named = occupations.iter().map(|o| {
                let name = occupation(findings, &o.occupation_name, m.language);
                vec![Piece::own(format!("{name} ({})", m.count(o.posting_count)))]
            });
            let named: Vec<Phrase> = named.collect();
            (!named.is_empty()).then(|| m.phrase("elm.occupations", &[("occupations", m.list(named))]))
        }),
        speech.each(|m| {
            let (id, title) = (proposal.overlap_credential.as_ref()?, proposal.overlap_title.as_ref()?);
            let share = m.per_100(proposal.overlap_share);
            let values = [("title", Piece::own(title)), ("id", Piece::own(id)), ("share", Piece::own(share))];
            Some(m.phrase("elm.overlap", &values.map(|(name, piece)| (name, vec![piece]))))
        }),
        speech.each(|m| Some(m.fill("elm.open", &[("ects", m.decimal(proposal.ects, 1))]))),
    ];
    notes.into_iter().filter(|note| !note.is_empty()).collect()
}

/// Which edition of which plan says so, and what it is not.
pub fn provenance(findings: &Findings, speech: &Speech<'_>, key: &str) -> Texts {
    let meta = &findings.meta;
    speech.each(|m| {
        let values = [("plan", vec![Piece::own(&meta.plan)]), ("as_of", vec![Piece::own(&meta.as_of)])];
        let mut note = m.phrase(key, &values);
        if meta.synthetic {
            note.push(Piece::own(" "));
            note.extend(m.own("elm.synthetic"));
        }
        Some(note)
    })
}

fn evidence(m: &Messages, p: &Proposal) -> Phrase {
    let mark = p.mark.map(|mark| format!(" {}", mark_text(mark))).unwrap_or_default();
    let values = [
        ("postings", m.count(p.posting_count)),
        ("base", m.count(p.base_count)),
        ("share", m.per_100(p.share)),
        ("range", m.range(p.share, p.share_low, p.share_high)),
        ("employers", m.count(p.employer_count)),
        ("together", m.count(p.together_count)),
        ("together_employers", m.count(p.together_employers)),
        ("mark", mark),
    ];
    m.fill("elm.evidence", &values)
}

/// Name of an occupation for readers of a language.
fn occupation(findings: &Findings, name: &str, language: Lang) -> String {
    let edition = findings.editions.iter().find(|e| e.language == language);
    edition.and_then(|e| e.occupations.get(name)).map_or_else(|| name.to_owned(), |name| name.text.clone())
}

fn row(found: &Described, code: &'static str, id: &str, occupations: &[&ProposalOccupation]) -> Row {
    let own = |texts: &Texts| texts.get(code).cloned().unwrap_or_default();
    let statements = found.outcomes.iter().map(|o| own(&o.statement));
    let skills = found.outcomes.iter().flat_map(|o| &o.skills).filter(|s| is_esco_skill(&s.id));
    let declared = skills.map(|s| template::skill(&s.id, s.names.get(code).map(String::as_str)));
    let cells = [
        ("credential_id", format!("proposal-{id}")),
        ("title", own(&found.title)),
        ("language", code.to_owned()),
        ("description", own(&found.description)),
        ("eqf_level", found.eqf.map(|level| level.to_string()).unwrap_or_default()),
        ("ects", found.ects.map(|ects| ects.to_string()).unwrap_or_default()),
        ("declared_skills", template::list(declared)),
        ("target_occupations", template::list(occupations.iter().map(|o| template::item(&o.occupation)))),
        ("outcomes", template::list(statements)),
    ];
    cells.into_iter().filter(|(_, cell)| !said(code, Some(cell)).is_empty()).collect()
}
