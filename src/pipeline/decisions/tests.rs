//! Rows as people bring them back, and what follows from decisions.

use super::judged::{Judged, add, precision};
use super::sample::draw;
use super::terms::local_id;
use super::*;
use crate::store::write_table;
use crate::types::{
    DECISION_COLUMNS, ErrorClass, ErrorCounts, Field, Group, Lane, Lang, Mention, OutcomeId, PostingId,
    QuotablePosting, Reviews, SectionKind, Skill,
};

const HEAD: &str = "kind,subject,target,decision,value,text,language,group,decided_by,decided_on,reason,edition\n";

fn read(rows: &str) -> Result<Rows, Vec<Fault>> {
    read_rows("given.csv", format!("{HEAD}{rows}").as_bytes())
}

fn faults(rows: &str) -> Vec<String> {
    read(rows).unwrap_err().iter().map(ToString::to_string).collect()
}

const GOOD: &str = "match,o1,urn:a,accept,,A statement,en,professors,AB,2026-07-02,because,demo@2026-06-30\n";

#[test]
fn every_kind_of_row_is_read_and_a_row_without_a_decision_is_left_open() {
    let rows = read(
        "match,o1,urn:a,accept,,A statement,en,professors,AB,2026-07-02,because,demo@2026-06-30\n\
         mention,p1,urn:a,right,Excel,Excel at work,en,companies,AB,2026-07-02,,demo@2026-06-30\n\
         mention,p1,urn:b,missed,,Excel at work,en,companies,AB,2026-07-02,,demo@2026-06-30\n\
         term,,,novel,,prompt engineering,en,unit,AB,2026-07-02,,demo@2026-06-30\n\
         term,,urn:a,alias,,full de càlcul,ca,unit,AB,2026-07-02,,demo@2026-06-30\n\
         priority,urn:a,portfolio,add,12,,,learners,,2026-07-02,,demo@2026-06-30\n\
         outcome,,urn:a urn:b,draft,1.5,Fill a table,en,guidance,AB,2026-07-02,,demo@2026-06-30\n\
         note,urn:a,,note,,\"أولوية لنا\",ar,companies,,2026-07-02,,demo@2026-06-30\n\
         match,o2,urn:a,,,A statement,en,,,,,demo@2026-06-30\n,,,,,,,,,,,\n",
    )
    .unwrap();
    assert_eq!((rows.decided.len(), rows.open), (8, 1));
    let kinds: Vec<_> = rows.decided.iter().map(|(row, d)| (*row, d.kind.name(), d.decision.name())).collect();
    assert_eq!(kinds[2], (4, "mention", "missed"));
    assert_eq!(kinds[5], (7, "priority", "add"));
    assert_eq!((rows.decided[5].1.votes(), rows.decided[5].1.group), (12, Group::Learners));
    assert_eq!(rows.decided[7].1.language, Some(Lang::Ar));
}

#[test]
fn a_bad_row_is_named_by_file_row_column_value_and_what_was_expected() {
    for (from, to, said) in [
        ("match,", "matches,", "given.csv, row 2, kind: 'matches'; expected one of match, mention, term"),
        ("accept", "right", "row 2, decision: 'right'; expected accept, reject for kind match"),
        ("o1", "", "row 2, subject: ''; expected the id of a learning outcome"),
        ("urn:a", " ", "row 2, target: ''; expected a skill id"),
        ("A statement", "", "row 2, text: ''; expected the statement as it was shown"),
        (",en,", ",fr,", "row 2, language: 'fr'; expected en, es, ca or ar"),
        ("professors", "profs", "row 2, group: 'profs'; expected one of companies, professors, guidance"),
        ("AB", "", "row 2, decided_by: ''; expected a role or initials"),
        ("2026-07-02", "2/7/2026", "row 2, decided_on: '2/7/2026'; expected a day written as 2026-06-30"),
        ("2026-07-02", "2026-02-30", "row 2, decided_on: '2026-02-30'"),
        ("2026-07-02", "2062-07-02", "row 2, decided_on: '2062-07-02'; expected a day within 3 years of 2026-06-30"),
        ("demo@2026-06-30", "demo", "row 2, edition: 'demo'; expected PLAN@AS_OF"),
        ("demo@2026-06-30", "../x@2026-06-30", "row 2, edition"),
        (",because", "", "row 2, row: '11 cells'; expected 12 cells as in the header"),
        (",because", ",because,too", "row 2, row: '13 cells'"),
    ] {
        let said_of = faults(&GOOD.replace(from, to));
        assert!(said_of.iter().any(|f| f.contains(said)), "{to}: {said_of:?}");
    }
    for (row, said) in [
        ("priority,urn:a,portfolio,add,,,,unit,,2026-07-02,,demo@2026-06-30", "value: ''; expected a number of votes"),
        (
            "priority,urn:a,portfolio,add,2.5,,,unit,,2026-07-02,,demo@2026-06-30",
            "value: '2.5'; expected votes, a whole number",
        ),
        ("priority,urn:a,portfolio,add,-1,,,unit,,2026-07-02,,demo@2026-06-30", "value: '-1'"),
        ("priority,urn:a,portfolio,,3,,,unit,,2026-07-02,,demo@2026-06-30", "decision: ''; expected add, strengthen"),
        ("outcome,,urn:a,draft,NaN,x,en,unit,AB,2026-07-02,,demo@2026-06-30", "value: 'NaN'; expected credits"),
        ("outcome,,urn:a,draft,\"1,5\",x,en,unit,AB,2026-07-02,,demo@2026-06-30", "written as 1.5"),
        ("term,,,alias,,x,en,unit,AB,2026-07-02,,demo@2026-06-30", "target: ''; expected the id of the skill"),
        ("term,,urn:a,novel,,x,en,unit,AB,2026-07-02,,demo@2026-06-30", "target: 'urn:a'; expected nothing"),
        ("mention,p,urn:a,wrong,,x,en,unit,AB,2026-07-02,,demo@2026-06-30", "value: ''; expected the matched words"),
        ("note,urn:a,,note,,x,,unit,,2026-07-02,,demo@2026-06-30", "language: ''"),
    ] {
        let said_of = faults(row);
        assert!(said_of.iter().any(|f| f.contains(said)), "{row}: {said_of:?}");
    }
    assert_eq!(faults(&format!("{GOOD}nothing\n{}", GOOD.replace("accept", "yes"))).len(), 2, "every fault is said");
}

#[test]
fn a_header_is_held_to_the_columns_of_the_contract() {
    let header = |head: &str| {
        let said = read_rows("given.csv", format!("{head}\n").as_bytes()).unwrap_err();
        said.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(header("kind,subject").contains("row 1, header: ''; expected a column 'target'"));
    assert!(header(&HEAD.replace("kind", "sort")).contains("header: 'sort'"));
    assert!(header(&format!("{},kind", HEAD.trim_end())).contains("every column once"));
    assert!(header("").contains("a column 'kind'"));
    assert!(read_rows("given.csv", HEAD.replace('\n', ",shown\n").as_bytes()).is_ok());
}

#[test]
fn files_of_spreadsheets_are_read_whatever_ends_their_lines_and_parts_their_cells() {
    let plain = read(GOOD).unwrap();
    let marked = format!("\u{feff}{HEAD}{GOOD}");
    let files = [
        marked.clone(),
        marked.replace('\n', "\r\n"),
        marked.replace('\n', "\r"),
        format!("{HEAD}{GOOD}").replace(',', ";"),
        format!("{HEAD}{}", GOOD.replace("A statement", "\"A \n  statement\"")),
        format!("{HEAD}{}", GOOD.replace("because", "'because").replace("'because", "because\u{202e}\u{7}")),
    ];
    for file in files {
        assert_eq!(read_rows("given.csv", file.as_bytes()).unwrap(), plain, "{file:?}");
    }
    let latin = [HEAD.as_bytes(), b"note,urn:a,,note,,caf\xe9,es,unit,,2026-07-02,,demo@2026-06-30\n"].concat();
    let said = read_rows("given.csv", &latin).unwrap_err()[0].to_string();
    assert!(said.contains("row 2") && said.contains("CSV UTF-8"), "{said}");
}

#[test]
fn hostile_cells_are_refused_or_made_harmless() {
    for text in ["=cmd|'/c calc'!A1", "+34", "-5", "@SUM(1)"] {
        let row = format!("note,urn:a,,note,,\"'{text}\",en,unit,,2026-07-02,,demo@2026-06-30\n");
        assert_eq!(read(&row).unwrap().decided[0].1.text, text, "the guard is taken off");
    }
    let kept = read("note,urn:a,,note,,'tis so,en,unit,,2026-07-02,,demo@2026-06-30\n").unwrap();
    assert_eq!(kept.decided[0].1.text, "'tis so");
    let long = format!("note,urn:a,,note,,{},en,unit,,2026-07-02,,demo@2026-06-30\n", "x".repeat(1 << 20));
    let said = faults(&long).join("\n");
    assert!(said.contains("row 2, text") && said.contains("at most 5000 characters") && said.len() < 300, "{said}");
    let unclosed = format!("{}{}", GOOD.replace("because", "\"because"), GOOD.repeat(200));
    assert!(!faults(&unclosed).is_empty());
    let contact =
        read("note,urn:a,,note,,ask ana@example.org,en,unit,,2026-07-02,mail bob@example.org,demo@2026-06-30\n")
            .unwrap();
    let (_, decision) = &contact.decided[0];
    assert!(!decision.text.contains('@') && !decision.reason.contains('@'), "{decision:?}");
    assert!(read_rows("given.csv", &vec![b'x'; (16 << 20) + 1]).unwrap_err()[0].to_string().contains("at most"));
}

fn register(rows: &str) -> Register {
    let mut register = Register { path: "decisions/demo.csv".into(), rows: Vec::new() };
    register.merge(read(rows).unwrap().decided.into_iter().map(|(_, decision)| decision));
    register
}

#[test]
fn a_register_is_sorted_holds_a_row_once_and_comes_back_from_disk_as_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..100)
        .map(|i| {
            GOOD.replace("o1", &format!("o{}", (i * 37) % 100))
                .replace("because", &format!("'=reason, \"{i}\"\u{e9}").replace('"', ""))
        })
        .map(|row| row.replace("'=reason, ", "'=reason "))
        .collect();
    let mut one = register(&rows.concat());
    one.path = folder.path().join("decisions/demo.csv");
    one.write().unwrap();
    let bytes = std::fs::read(&one.path).unwrap();
    let back = read_rows("demo.csv", &bytes).unwrap().decided;
    assert_eq!(back, one.rows);
    let mut reversed = register(&rows.iter().rev().cloned().collect::<String>());
    reversed.path.clone_from(&one.path);
    let merged = reversed.merge(back.into_iter().map(|(_, d)| d));
    assert_eq!(merged, Merged { known: 100, ..Merged::default() });
    reversed.write().unwrap();
    assert_eq!(std::fs::read(&one.path).unwrap(), bytes);
    assert_eq!(one.retire(&[2, 4].into()).len(), 2);
    assert_eq!(one.rows.len(), 98);
    assert_eq!(one.rows.last().unwrap().0, 99);
}

/// A chair corrects a row and hands the file in again; a table without a name votes twice.
#[test]
fn a_voice_that_speaks_again_is_heard_once_and_rows_without_a_name_add_up() {
    let decisions = |rows: &str| read(rows).unwrap().decided.into_iter().map(|(_, d)| d).collect::<Vec<_>>();
    let vote = |votes: &str, by: &str| {
        format!("priority,urn:a,portfolio,add,{votes},,,companies,{by},2026-07-02,,demo@2026-06-30\n")
    };
    let mut register = register(&format!("{GOOD}{}{}", vote("3", "table 1"), vote("4", "")));
    let again = format!("{}{}{}", GOOD.replace("accept", "reject"), vote("5", "table 1"), vote("6", ""));
    let merged = register.merge(decisions(&again));
    assert_eq!((merged.replaced, merged.known, merged.overruled), (2, 0, 0));
    let said: Vec<_> = register.rows.iter().map(|(_, d)| (d.decision.name(), d.value.as_str())).collect();
    assert_eq!(said, [("reject", ""), ("add", "4"), ("add", "5"), ("add", "6")]);
    assert!(topics(register.rows.iter().map(|(row, d)| (*row, d))).iter().all(Topic::is_agreed));
    // What was said earlier does not come back, whatever the order of files; later words go first.
    let earlier = GOOD.replace("2026-07-02", "2026-07-01");
    assert_eq!(register.merge(decisions(&earlier)).overruled, 1);
    let both = format!("{}{}", vote("1", "table 9"), vote("2", "table 9"));
    register.merge(decisions(&both));
    let split = topics(register.rows.iter().map(|(row, d)| (*row, d))).into_iter().filter(|t| !t.is_agreed()).count();
    assert_eq!(split, 1, "two files of one table that differ are told");
    let elsewhere = vote("8", "table 1").replace("2026-06-30", "2026-03-31");
    assert_eq!(register.merge(decisions(&elsewhere)).replaced, 0, "another edition, another vote");
}

#[test]
fn those_who_differ_on_a_match_a_mention_or_a_term_are_in_conflict_and_voters_are_not() {
    let register = register(&format!(
        "{GOOD}{}{}\
         term,,urn:a,alias,,Excel sheets,en,unit,AB,2026-07-02,,demo@2026-06-30\n\
         term,,urn:b,alias,,excel  SHEETS,en,unit,CD,2026-07-02,,demo@2026-06-30\n\
         term,,urn:b,alias,,excel sheets,es,unit,CD,2026-07-02,,demo@2026-06-30\n\
         mention,p,urn:a,right,x,x,en,unit,AB,2026-07-02,,demo@2026-06-30\n\
         mention,p,urn:a,wrong,x,x,en,unit,CD,2026-07-02,,demo@2026-06-30\n\
         priority,urn:a,portfolio,add,5,,,unit,,2026-07-02,,demo@2026-06-30\n\
         priority,urn:a,portfolio,none,9,,,learners,,2026-07-02,,demo@2026-06-30\n",
        GOOD.replace("accept", "reject").replace("AB", "CD"),
        GOOD.replace("urn:a", "urn:b").replace("AB", "CD"),
    ));
    let all = topics(register.rows.iter().map(|(row, d)| (*row, d)));
    let split: Vec<&str> = all.iter().filter(|t| !t.is_agreed()).map(|t| t.rows[0].1.kind.name()).collect();
    assert_eq!(split, ["match", "mention", "term"]);
    assert_eq!(register.rulings().0.keys().map(|k| k.1.as_str()).collect::<Vec<_>>(), ["urn:b"]);
    assert!(register.judged().is_empty());
    let terms = Terms::of(&register);
    assert_eq!(terms.layer().unwrap().skills.len(), 1, "the Spanish alias alone");
}

#[test]
fn a_ruling_stands_in_the_place_of_the_score_and_keeps_it_among_the_evidence() {
    let skill = |id: &str| Skill { id: SkillId(id.into()), labels: vec![], ..terms::named(id) };
    let taxonomy = Taxonomy { skills: ["urn:a", "urn:b", "urn:c", "urn:d"].map(skill).to_vec(), ..Taxonomy::default() };
    let link = |id: &str, score: f32, verdict| Link {
        skill: SkillId(id.into()),
        label: id.into(),
        surface: None,
        score: Score::new(score),
        verdict,
        evidence: vec![LinkEvidence { lane: "name".into(), value: 1.0 }],
    };
    let mut linked = Linked {
        outcome: OutcomeId("o1".into()),
        credential: crate::types::CredentialId("c".into()),
        links: vec![
            link("urn:a", 0.9, Verdict::Accepted),
            link("urn:b", 0.5, Verdict::Accepted),
            link("urn:c", 0.3, Verdict::Review),
        ],
        verdict: Verdict::Accepted,
    };
    let untouched = linked.clone();
    let reject = GOOD.replace("accept", "reject");
    let register = register(&format!(
        "{reject}{}{}{}{}",
        GOOD.replace("urn:a", "urn:c"),
        GOOD.replace("urn:a", "urn:d").replace("professors", "unit"),
        GOOD.replace("urn:a", "urn:gone"),
        reject.replace("o1", "o2").replace("urn:a", "urn:b"),
    ));
    register.rulings().apply(&mut linked, &taxonomy, Lang::En);
    let said: Vec<_> = linked.links.iter().map(|l| (l.skill.0.as_str(), l.score.get(), l.verdict)).collect();
    let expected = [
        ("urn:c", 1.0, Verdict::Accepted),
        ("urn:d", 1.0, Verdict::Accepted),
        ("urn:b", 0.5, Verdict::Accepted),
        ("urn:a", 0.0, Verdict::Rejected),
    ];
    assert_eq!(said, expected);
    let evidence: Vec<_> = linked.links[0].evidence.iter().map(|e| (e.lane.as_str(), e.value)).collect();
    assert_eq!(evidence, [("review professors 2026-07-02", 1.0), (SCORE_BEFORE, 0.3), ("name", 1.0)]);
    let mut other = Linked { outcome: OutcomeId("o3".into()), ..untouched.clone() };
    register.rulings().apply(&mut other, &taxonomy, Lang::En);
    assert_eq!(other.links, untouched.links);
    let mut only =
        Linked { links: vec![link("urn:b", 0.9, Verdict::Accepted)], outcome: OutcomeId("o2".into()), ..untouched };
    register.rulings().apply(&mut only, &taxonomy, Lang::En);
    assert_eq!(only.verdict, Verdict::Unmatched, "all that is left was rejected");
}

#[test]
fn local_skills_have_ids_that_tell_terms_apart_in_any_script() {
    let id = |term: &str, language| local_id(term, Some(language));
    assert_eq!(id("Prompt  engineering", Lang::En), "urn:skillgap:local:prompt-engineering");
    assert_eq!(
        id("Gestió d’IA", Lang::Ca).strip_prefix("urn:skillgap:local:").unwrap().len(),
        "gestio-dia-00000000".len()
    );
    assert_eq!(id("Programació", Lang::Ca), id("programación", Lang::Es).replace("programacion", "programacio"));
    let all = ["C", "C++", "C#", ".NET", "net", "هندسة الأوامر", "هندسة"].map(|t| id(t, Lang::Ar));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    assert!(all.iter().all(|id| id.is_ascii() && !id.ends_with(':')), "{all:?}");
}

#[test]
fn novel_terms_become_skills_and_aliases_names_of_known_ones() {
    let register = register(
        "term,,,novel,,prompt engineering,en,unit,AB,2026-07-02,,demo@2026-06-30\n\
         term,,urn:skillgap:local:prompt-engineering,alias,,ingeniería de prompts,es,unit,AB,2026-07-02,,demo@2026-06-30\n\
         term,,urn:skillgap:local:gone,alias,,nobody,es,unit,AB,2026-07-02,,demo@2026-06-30\n\
         term,,urn:a,alias,,full de càlcul,ca,unit,AB,2026-07-02,,demo@2026-06-30\n\
         term,,,reject,,Generalitat,ca,unit,AB,2026-07-02,,demo@2026-06-30\n",
    );
    let terms = Terms::of(&register);
    assert_eq!(terms.rejected, [(Lang::Ca, "generalitat".to_owned())]);
    let layer = terms.layer().unwrap();
    let names: Vec<_> = layer
        .skills
        .iter()
        .flat_map(|s| s.labels.iter().map(|l| (s.id.0.as_str(), l.lang.code(), l.text.as_str())))
        .collect();
    assert_eq!(
        names,
        [
            ("urn:a", "ca", "full de càlcul"),
            ("urn:skillgap:local:prompt-engineering", "en", "prompt engineering"),
            ("urn:skillgap:local:prompt-engineering", "es", "ingeniería de prompts"),
        ]
    );
}

/// Counts by hand: of six pairs, two are right and counted, one wrong and counted, one wrong that this run no longer counts,
/// one right whose posting is gone, one overlooked.
#[test]
fn judged_pairs_tell_of_precision_where_they_are_counted_and_of_recall_where_somebody_looked() {
    let pair =
        |choice, is_counted, is_gone| Judged { skill: "urn:a".into(), language: Lang::En, choice, is_counted, is_gone };
    let judged = [
        pair(Choice::Right, true, false),
        pair(Choice::Right, true, false),
        pair(Choice::Wrong, true, false),
        pair(Choice::Wrong, false, false),
        pair(Choice::Right, false, true),
        pair(Choice::Missed, false, false),
    ];
    let class = ErrorClass { language: Lang::En, ambiguous: false };
    let mut reviews = Reviews::default();
    reviews.counts.insert(class, ErrorCounts { counted: 10, right: 9, asked: 10, found: 5 });
    add(&mut reviews, &judged);
    assert_eq!(reviews.counts[&class], ErrorCounts { counted: 14, right: 12, asked: 14, found: 8 });
    let mut nobody_looked = Reviews::default();
    add(&mut nobody_looked, &judged[..3]);
    assert_eq!(nobody_looked.counts[&class], ErrorCounts { counted: 3, right: 2, asked: 0, found: 0 });
    let told = &precision(&judged)[0];
    assert_eq!((told.judged, told.right, told.missed, told.precision), (4, 3, 1, 0.75));
    assert!(told.precision_low < 0.75 && told.precision_high > 0.75);
}

#[test]
fn gold_holds_what_people_found_and_says_nothing_of_what_they_denied() {
    let register = register(&format!(
        "{GOOD}{}{}\
         mention,p1,urn:a,right,عمل,نعم عمل,ar,companies,AB,2026-07-02,,demo@2026-06-30\n\
         mention,p1,urn:b,missed,,نعم عمل,ar,companies,AB,2026-07-02,,demo@2026-06-30\n\
         mention,p2,urn:b,wrong,x,no x,en,companies,AB,2026-07-02,,demo@2026-06-30\n",
        GOOD.replace("urn:a", "urn:b"),
        GOOD.replace("urn:a", "urn:c").replace("accept", "reject"),
    ));
    let exported = gold(&register);
    assert_eq!((exported.texts, exported.left_out), (2, 2));
    let lines: Vec<serde_json::Value> = exported.lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&lines[0]["kind"], &lines[0]["gold"]), (&"outcome".into(), &serde_json::json!(["urn:a", "urn:b"])));
    assert_eq!(lines[1]["gold"], serde_json::json!(["urn:a", "urn:b"]));
    assert_eq!(lines[1]["spans"], serde_json::json!([{"start": 7, "end": 13, "uri": "urn:a"}]));
}

#[test]
fn the_columns_of_the_contract_are_those_of_the_template() {
    let template = include_str!("../../../data/templates/review.csv");
    assert_eq!(template.lines().next().unwrap(), DECISION_COLUMNS.join(","));
}

#[test]
fn the_table_of_a_plan_takes_a_register_alone_and_a_correction_needs_judgements_from_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |tables: &str| {
        let source = |id, kind| format!("[[source]]\nid = '{id}'\nkind = '{kind}'\npath = 'x'\n");
        let sources = [source("p", "postings"), source("t", "taxonomy"), source("c", "credentials")].concat();
        let path = folder.path().join("p.toml");
        std::fs::write(&path, format!("name = 'x'\ntitle = 'X'\nas_of = '2026-06-30'\n{sources}{tables}")).unwrap();
        Plan::read(&path).map_err(|e| e.to_string())
    };
    let given = plan("[review]\nregister = 'decisions/x.csv'\n[correction]\nmin_reviewed = 20\n").unwrap();
    assert_eq!(Register::of(&given).unwrap().unwrap().rows, [], "a file that is not there yet holds none");
    assert!(Register::of(&plan("").unwrap()).unwrap().is_none());
    let slip = plan("[review]\nregistre = 'x.csv'\n").unwrap_err();
    assert!(slip.contains("did you mean `register`?"), "{slip}");
    assert!(plan("[correction]\n").unwrap_err().contains("review.register"));
    std::fs::create_dir(folder.path().join("decisions")).unwrap();
    std::fs::write(folder.path().join("decisions/x.csv"), format!("{HEAD}nothing\n")).unwrap();
    let said = Register::of(&given).unwrap_err().to_string();
    assert!(said.contains("review.register: x.csv, row 2"), "{said}");
}

/// Thirty postings of each language, the skill in every one of them.
fn postings() -> (Vec<QuotablePosting>, Vec<Mention>) {
    let text = "Needed: SQL and patience.";
    let posting = |(n, language): (usize, Lang)| QuotablePosting {
        id: PostingId(format!("{}{n:02}", language.code())),
        language,
        board: "board".into(),
        url: None,
        posted_on: None,
        title: "Analyst".into(),
        body: text.into(),
    };
    let postings: Vec<QuotablePosting> =
        Lang::ALL.into_iter().flat_map(|l| (0..30).map(move |n| (n, l))).map(posting).collect();
    let mention = |posting: &QuotablePosting| Mention {
        posting: posting.id.clone(),
        skill: SkillId("urn:sql".into()),
        field: Field::Body,
        start: 8,
        end: 11,
        surface: "SQL".into(),
        label: "SQL".into(),
        lane: Lane::Exact,
        section: SectionKind::Other,
        score: Score::new(0.9),
        verdict: Verdict::Accepted,
    };
    let mentions = postings.iter().map(mention).collect();
    (postings, mentions)
}

#[test]
fn an_edition_draws_the_same_pairs_again_the_next_others_and_none_that_was_judged() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["postings.parquet", "mentions.parquet"].map(|name| folder.path().join(name));
    let (postings, mentions) = postings();
    write_table(&files[0], &postings).unwrap();
    write_table(&files[1], &mentions).unwrap();
    let drawn = |edition: &str, judged: &BTreeSet<(String, String)>| -> Vec<(String, String)> {
        let drawn = draw((&files[0], &files[1]), edition, 20, judged).unwrap();
        assert!(drawn.iter().all(|d| d.words == "SQL" && d.sentence == "Needed: SQL and patience."), "{drawn:?}");
        drawn.into_iter().map(|d| (d.posting, d.skill)).collect()
    };
    let first = drawn("demo@2026-06-30", &BTreeSet::new());
    assert_eq!(first, drawn("demo@2026-06-30", &BTreeSet::new()));
    for language in Lang::ALL {
        assert_eq!(first.iter().filter(|(posting, _)| posting.starts_with(language.code())).count(), 5, "{language:?}");
    }
    assert_ne!(first, drawn("demo@2026-12-31", &BTreeSet::new()));
    let judged: BTreeSet<_> = first.iter().cloned().collect();
    let next = drawn("demo@2026-06-30", &judged);
    assert!(next.len() == 20 && next.iter().all(|pair| !judged.contains(pair)), "{next:?}");
}
