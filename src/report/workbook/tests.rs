use super::*;
use crate::report::{editions, fixture};
use crate::types::Lang;
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use std::io::{Cursor, Read};

fn opened(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn parts(bytes: &[u8], folder: &str) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive
        .file_names()
        .map(Result::unwrap)
        .filter(|n| n.starts_with(folder) && n.ends_with(".xml"))
        .map(|n| n.into_owned())
        .collect()
}

fn column(range: &Range<Data>, head: &str) -> Vec<Data> {
    let at = range.rows().next().unwrap().iter().position(|c| *c == Data::String(head.into()));
    let at = at.unwrap_or_else(|| panic!("{head} in {:?}", range.rows().next()));
    range.rows().skip(1).map(|row| row[at].clone()).collect()
}

#[test]
fn the_gaps_come_back_with_numbers_as_numbers_and_names_beside_codes() {
    let findings = fixture::realistic();
    let mut book = opened(&bytes(&findings).unwrap());
    let expected = [
        "Cover",
        "Notes",
        "Gaps",
        "Demand",
        "Coverage",
        "Trends",
        "Outcomes",
        "Novel terms",
        "Gaps, other choices",
        "Pathways",
        "Missing on pathways",
        "Stacks",
        "Ledger",
        "Workshop decisions",
        "Posted pay",
        "Sectors",
        "Quality assurance",
        "Catalogue checks",
        "Official statistics",
        "Quality",
    ];
    assert_eq!(book.sheet_names(), expected);
    let gaps = book.worksheet_range("Gaps").unwrap();
    let shares = column(&gaps, "Demand share");
    assert_eq!(shares.len(), findings.gaps.len());
    for (share, gap) in shares.iter().zip(&findings.gaps) {
        assert_eq!(*share, gap.demand.share.map_or(Data::Empty, Data::Float));
    }
    let titles = column(&gaps, "Programme title");
    assert_eq!(titles[0], Data::String("Whole offer".into()));
    let trends = book.worksheet_range("Trends").unwrap();
    let growth = column(&trends, "Growth");
    assert!(growth.iter().any(|g| matches!(g, Data::Float(g) if *g < 0.0)), "a decline stays a negative number");
    let cover = book.worksheet_range("Cover").unwrap();
    let verdict = cover.rows().find(|r| r[1].to_string().contains("of every 100 requests for a skill")).is_some();
    let cite = cover.rows().any(|r| r[0] == "How to cite" && r[1].to_string().ends_with("CC BY 4.0."));
    assert!(verdict && cite);
}

#[test]
fn no_cell_is_a_formula_or_a_link_whatever_text_comes_from_outside() {
    let findings = fixture::hostile();
    let bytes = bytes(&findings).unwrap();
    let mut book = opened(&bytes);
    let outcomes = column(&book.worksheet_range("Outcomes").unwrap(), "Learning outcome");
    let texts: Vec<String> = outcomes.iter().map(ToString::to_string).collect();
    assert!(texts.iter().any(|t| t.starts_with("=cmd|")) && texts.iter().any(|t| t.starts_with("@SUM")));
    for sheet in parts(&bytes, "xl/worksheets/") {
        let xml = part(&bytes, &sheet);
        assert!(!xml.contains("<f>") && !xml.contains("<f ") && !xml.contains("<hyperlink"), "{sheet}");
        assert!(!xml.contains("<mergeCell"), "{sheet}");
    }
}

#[test]
fn every_sheet_but_the_cover_is_one_table_with_unique_heads_and_a_frozen_head_row() {
    let findings = fixture::realistic();
    let arabic = editions::others(&findings).find(|f| f.meta.language == Lang::Ar).unwrap();
    let bytes = bytes(&arabic).unwrap();
    let mut book = opened(&bytes);
    let names = book.sheet_names();
    assert_eq!(parts(&bytes, "xl/tables/").len(), names.len() - 1);
    for (i, name) in names.iter().enumerate() {
        let xml = part(&bytes, &format!("xl/worksheets/sheet{}.xml", i + 1));
        assert!(xml.contains("rightToLeft=\"1\""), "{name}");
        assert!(i == 0 || (xml.contains("state=\"frozen\"") && xml.matches("<tablePart ").count() == 1), "{name}");
        let range = book.worksheet_range(name).unwrap();
        let heads: Vec<String> = range.rows().next().unwrap().iter().map(|c| c.to_string().to_lowercase()).collect();
        let unique: std::collections::BTreeSet<&String> = heads.iter().collect();
        assert!(i == 0 || (unique.len() == heads.len() && !heads.iter().any(|h| h.contains(['⟦', '_']))), "{heads:?}");
    }
    let status = column(&book.worksheet_range("الفجوات").unwrap(), "المقترح");
    assert!(status.contains(&Data::String("تعزيز".into())));
    let meanings = column(&book.worksheet_range("ملاحظات").unwrap(), "المعنى");
    let words = meanings.iter().find(|m| m.to_string().contains("تعزيز، ")).map(ToString::to_string);
    assert!(words.is_some_and(|w| w.contains("مغطّاة")), "the notes say the words that the cells use");
}

#[test]
fn a_rerun_gives_the_same_bytes_and_the_day_of_the_plan_as_creation_date() {
    let findings = fixture::realistic();
    let first = bytes(&findings).unwrap();
    assert!(first == bytes(&findings).unwrap());
    // Both runs may fall into one tick of a ZIP's clock: no entry may carry a time of today.
    let mut archive = zip::ZipArchive::new(Cursor::new(first.as_slice())).unwrap();
    let years: Vec<u16> =
        (0..archive.len()).map(|i| archive.by_index(i).unwrap().last_modified().unwrap().year()).collect();
    assert!(years.iter().all(|year| *year == 1980), "{years:?}");
    let core = part(&first, "docProps/core.xml");
    assert_eq!(core.matches("2026-06-30T00:00:00Z").count(), 2, "{core}");
}

#[test]
fn a_cell_over_the_limit_is_cut_and_says_so_and_control_characters_are_replaced() {
    let mut findings = fixture::realistic();
    findings.outcomes[0].text = "é".repeat(40_000);
    findings.outcomes[2].text = "nul \0 esc \u{1b} _x0041_".into();
    let mut book = opened(&bytes(&findings).unwrap());
    let texts = column(&book.worksheet_range("Outcomes").unwrap(), "Learning outcome");
    let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
    assert!(texts[0].ends_with("… [cut: 40,000 characters]") && texts[0].encode_utf16().count() <= 32_767);
    assert!(texts.iter().any(|t| t == "nul \u{fffd} esc \u{fffd} _x0041_"), "{:?}", &texts[..6]);
}

#[test]
fn rows_over_the_limit_go_on_in_a_second_sheet() {
    let messages = Messages::of(Lang::En).unwrap();
    let mut book = Book::new(&messages).with_most_rows(4);
    let head = [Head { text: "n".into(), width: Width::Number("0") }];
    book.table("demand", &head, (0..7).map(|i| vec![Cell::Number(f64::from(i))])).unwrap();
    let counts: Vec<(String, u64)> = book.counts().map(|(name, rows)| (name.to_owned(), rows)).collect();
    assert_eq!(counts, [("Demand".into(), 3), ("Demand (2)".into(), 3), ("Demand (3)".into(), 1)]);
    let mut workbook = Workbook::new();
    for sheet in book.into_sheets() {
        workbook.push_worksheet(sheet);
    }
    let mut back = opened(&workbook.save_to_buffer().unwrap());
    assert_eq!(column(&back.worksheet_range("Demand (3)").unwrap(), "n"), [Data::Float(6.0)]);
}

#[test]
fn every_described_column_is_published_somewhere() {
    let columns = Columns::of(Lang::En).unwrap();
    let mut used = std::collections::BTreeSet::new();
    let layouts = crate::report::tables::layouts();
    let published = layouts.into_iter().map(|l| (l.name, l.columns));
    let shown = [
        ("checks", flat::CheckRow::columns()),
        ("official", flat::OfficialRow::columns()),
        ("quality", flat::QualityRow::columns()),
    ];
    for (table, fields) in published.chain(shown) {
        for field in fields {
            used.insert(field.name().clone());
            used.insert(format!("{table}.{}", field.name()));
        }
    }
    used.extend(rows::NAMED.iter().map(|(_, _, name)| (*name).to_owned()));
    assert_eq!(columns.keys().filter(|k| !used.contains(*k)).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Realistic findings with a row of each table that holds codes alone.
fn with_codes() -> Findings {
    let mut findings = fixture::realistic();
    let specialisation = serde_json::json!({
        "dimension": "occupation_group", "code": "2", "skill": "urn:skillgap:skill:sql", "label": "SQL",
        "posting_count": 90, "base_count": 900, "rest_count": 60, "rest_base": 6000, "employer_count": 0,
        "source_count": 3, "log_rca": 2.3, "log_rca_low": 2.0, "log_rca_high": 2.6
    });
    let interest = serde_json::json!({
        "skill": "urn:skillgap:skill:sql", "label": "SQL", "posting_count": 90, "base_count": 900, "employer_count": 20,
        "source_count": 3, "share": 0.1, "share_low": 0.08, "share_high": 0.12, "mark": null, "demand_level": "unclear",
        "credential_count": 1, "requests": 20, "enrolments": 18, "places": 30, "ratio_credential_count": 1,
        "requests_per_place": 0.67, "request_level": "low", "answer_count": 0, "wants_count": null,
        "wants_effective_n": null, "wants_share": null, "wants_low": null, "wants_high": null, "wants_mark": null,
        "survey_level": "unknown"
    });
    findings.specialisations = vec![serde_json::from_value(specialisation).unwrap()];
    findings.learner_interest = vec![serde_json::from_value(interest).unwrap()];
    findings
}

#[test]
fn no_cell_shows_a_code_where_the_reader_has_a_word() {
    let findings = with_codes();
    let code = regex::Regex::new("^[a-z]+(_[a-z]+)+$").unwrap();
    for findings in std::iter::once(findings.clone()).chain(editions::others(&findings)) {
        let mut book = opened(&bytes(&findings).unwrap());
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name).unwrap();
            for cell in range.rows().flatten().map(ToString::to_string) {
                assert!(!code.is_match(&cell) && !cell.contains('⟦'), "{:?} {name}: {cell}", findings.meta.language);
            }
        }
    }
    let mut book = opened(&bytes(&findings).unwrap());
    let checks = book.worksheet_range("Catalogue checks").unwrap();
    let kinds: Vec<String> = column(&checks, "Kind").iter().map(ToString::to_string).collect();
    assert!(kinds.contains(&"mandatory element".to_owned()), "{kinds:?}");
    let interest = book.worksheet_range("Learner interest").unwrap();
    assert_eq!(column(&interest, "Demand"), [Data::String("unclear".into())]);
    assert_eq!(column(&interest, "Requests against places"), [Data::String("low".into())]);
}

#[test]
fn employers_that_no_posting_names_leave_their_cell_empty() {
    let mut book = opened(&bytes(&with_codes()).unwrap());
    let range = book.worksheet_range("Specialisation").unwrap();
    assert_eq!(column(&range, "Employers"), [Data::Empty]);
}

#[test]
fn periods_are_joined_by_a_word_and_rates_of_false_discovery_keep_three_decimals() {
    let mut findings = fixture::realistic();
    findings.trends.truncate(1);
    (findings.trends[0].first, findings.trends[0].last) = ("2020-07..2020-08".into(), "2020-09".into());
    let bytes = bytes(&findings).unwrap();
    let trends = opened(&bytes).worksheet_range("Trends").unwrap();
    assert_eq!(column(&trends, "Earlier half"), [Data::String("Jul 2020 to Aug 2020".into())]);
    assert_eq!(column(&trends, "Later half"), [Data::String("Sep 2020".into())]);
    let columns = Columns::of(Lang::En).unwrap();
    let heads = rows::Layout::of::<crate::report::rows::TrendRow>("trends", columns).heads();
    let rate = heads.iter().find(|head| head.text == "False discovery rate").unwrap();
    assert_eq!(rate.width, Width::Number("0.000"));
}

#[test]
fn counts_on_the_cover_are_numbers_and_days_and_sentences_are_texts() {
    let findings = fixture::realistic();
    let cover = opened(&bytes(&findings).unwrap()).worksheet_range("Cover").unwrap();
    let of = |label: &str| cover.rows().find(|row| row[0] == label).unwrap()[1].clone();
    assert_eq!(of("Known employers"), Data::Float(findings.meta.employer_count as f64));
    assert_eq!(of("Boards"), Data::Float(findings.meta.source_count as f64));
    assert!(matches!(of("Plan"), Data::String(_)) && matches!(of("How to cite"), Data::String(_)));
    let messages = Messages::of(Lang::Es).unwrap();
    let read = ["1.203", "571", "2025", "1203", "", "571 ofertas", "1.2"].map(|text| whole_number(text, &messages));
    assert_eq!(read, [Some(1203.0), Some(571.0), None, None, None, None, None]);
}
