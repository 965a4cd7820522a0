use super::*;
use crate::types::{Credential, CredentialId, Lang, Origin, SnapshotId, SourceId};

const PLAN: &str = "name = 'x'\ntitle = 'X'\nas_of = '2026-06-30'\n\
    [[source]]\nid = 'p'\nkind = 'postings'\npath = 'p.csv'\n\
    [[source]]\nid = 't'\nkind = 'taxonomy'\npath = 't'\n\
    [[source]]\nid = 'c'\nkind = 'credentials'\npath = 'c.csv'\n";
const HEAD: &str = "credential,indicator,value,unit,period,n,source,link\n";

/// Reads a file beside a plan over a catalogue of `MC-101` and `MC-102`.
fn read(bytes: &[u8]) -> Result<Supplied, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("quality.csv"), bytes).unwrap();
    let path = folder.path().join("p.toml");
    std::fs::write(&path, format!("{PLAN}[assurance]\noutcomes = 'quality.csv'\n")).unwrap();
    let plan = Plan::read(&path).unwrap();
    assert_eq!(hashes(&plan).unwrap().keys().collect::<Vec<_>>(), ["assurance quality.csv"]);
    assert_eq!(plan_part(&plan)["outcomes"], "quality.csv");
    let origin = Origin { source: SourceId::new("c").unwrap(), snapshot: SnapshotId("0".into()), record: 1 };
    let credential = |id: &str| Credential::new(CredentialId(id.into()), "T".into(), Lang::En, origin.clone());
    let findings = Findings { credentials: vec![credential("MC-101"), credential("MC-102")], ..Findings::default() };
    figures(&plan, &findings).map(Option::unwrap).map_err(|e| e.to_string())
}

#[test]
fn the_template_is_read_and_semicolons_and_a_byte_order_mark_are_as_good() {
    let template = include_bytes!("../../../data/templates/quality.csv");
    let supplied = read(template).unwrap();
    let first = SuppliedFigure {
        credential: "MC-101".into(),
        indicator: Criterion::Satisfaction,
        value: 4.3,
        unit: "of 5".into(),
        period: "2024-2025".into(),
        n: Some(27),
        source: Some("End-of-course questionnaire".into()),
        link: Some("https://example.org/mc-101/quality".into()),
    };
    assert_eq!((supplied.figures.len(), &supplied.figures[0]), (4, &first));
    assert_eq!((supplied.figures[3].n, supplied.figures[3].indicator), (None, Criterion::Other));
    let other = "\u{feff}period;unit;value;indicator;credential\n2025-Q4;%;87,5;Completion;MC-102\n;;;;\n";
    let supplied = read(other.as_bytes()).unwrap();
    assert_eq!((supplied.figures[0].value, supplied.figures[0].n), (87.5, None));
    assert!(read(HEAD.as_bytes()).unwrap().figures.is_empty());
}

#[test]
fn the_same_row_twice_counts_once_and_the_rows_add_up() {
    let row = "MC-101,completion,86,%,2025,28,,\n";
    let supplied = read(format!("{HEAD}{row}{row}MC-101,completion,86,%,2024,28,,\n").as_bytes()).unwrap();
    let c = &supplied.count;
    assert_eq!((c.read, c.kept, c.duplicate, supplied.figures.len()), (3, 2, 1, 2));
}

#[test]
fn contacts_leave_the_source_and_a_link_with_one_is_refused() {
    let text = format!("{HEAD}MC-101,completion,86,%,2025,28,\"ask ana@example.org (+34 934 00 00 00)\",\n");
    let source = read(text.as_bytes()).unwrap().figures[0].source.clone().unwrap();
    assert!(!source.contains("example.org") && !source.contains("934"), "{source}");
    let text = format!("{HEAD}MC-101,completion,86,%,2025,28,,https://example.org/?to=ana@example.org\n");
    assert!(read(text.as_bytes()).unwrap_err().contains("row 2: link"));
}

#[test]
fn hostile_files_are_refused_by_file_row_value_and_what_is_expected() {
    let row = |cells: &str| format!("{HEAD}MC-101,completion,86,%,2025,28,,\n{cells}\n");
    for (text, said) in [
        (String::new(), "row 1: no column 'credential'"),
        ("credential,indicator,value,unit,period,score\n".into(), "row 1: column 'score' is not known"),
        ("credential,indicator,value,unit,period,unit\n".into(), "column 'unit' stands there twice"),
        ("credential,indicator,value,unit\n".into(), "no column 'period'"),
        (row("MC-101,happiness,86,%,2025,28,,"), "row 3: indicator 'happiness' is none of satisfaction"),
        (row("MC-101,satisfaction,,%,2025,28,,"), "row 3: value is empty"),
        (row("MC-101,satisfaction,many,%,2025,28,,"), "row 3: value 'many' is no number"),
        (row("MC-101,satisfaction,\"1,500\",%,2025,28,,"), "row 3: value '1,500' is no number"),
        (row("MC-101,satisfaction,1.000.000,%,2025,28,,"), "is no number"),
        (row("MC-101,satisfaction,NaN,%,2025,28,,"), "row 3: value 'NaN'"),
        (row("MC-101,satisfaction,1e999,%,2025,28,,"), "row 3: value '1e999'"),
        (row("MC-101,satisfaction,90%,%,2025,28,,"), "row 3: value '90%'"),
        (row("MC-101,satisfaction,=1+1,%,2025,28,,"), "row 3: value '=1+1'"),
        (row("MC-101,satisfaction,101,%,2025,28,,"), "row 3: value '101' does not lie between 0 and 100"),
        (row("MC-101,satisfaction,-1,%,2025,28,,"), "row 3: value '-1'"),
        (row("MC-101,satisfaction,5.5,of 5,2025,28,,"), "row 3: value '5.5' does not lie between 0 and 5"),
        (row("MC-101,satisfaction,5,stars,2025,28,,"), "row 3: unit 'stars' is none of"),
        (row("MC-101,employment,4,of 5,2025,28,,"), "row 3: unit 'of 5' is neither '%' nor 'share'"),
        (row("MC-101,employment,70,share,2025,28,,"), "row 3: value '70' does not lie between 0 and 1"),
        (row("MC-101,completion,80,%,last year,28,,"), "row 3: period 'last year' is no period up to 2026-06-30"),
        (row("MC-101,completion,80,%,2027,28,,"), "row 3: period '2027'"),
        (row("MC-101,completion,80,%,2026-Q3,28,,"), "row 3: period '2026-Q3'"),
        (row("MC-101,completion,80,%,2026-13,28,,"), "row 3: period '2026-13'"),
        (row("MC-101,completion,80,%,2024-2026,28,,"), "row 3: period '2024-2026'"),
        (row("MC-101,completion,80,%,2024-+6,28,,"), "row 3: period '2024-+6'"),
        (row("MC-101,completion,80,%,2024,0,,"), "row 3: n '0' is no whole number"),
        (row("MC-101,completion,80,%,2024,2.5,,"), "row 3: n '2.5'"),
        (row("MC-101,completion,80,%,2024,28,,javascript:alert(1)"), "row 3: link 'javascript:alert(1)'"),
        (row("MC-101,completion,80,%,2024"), "row 3"),
        (row("MC-101,completion,80,%,2025,28,,"), "rows 2 and 3 both give completion of 'MC-101' in 2025"),
        (row("MC-1O1,completion,80,%,2024,28,,"), "row 3: credential 'MC-1O1' is no id of the catalogue; did you mean"),
        (row(&format!("MC-101,completion,80,%,2024,28,{},", "x".repeat(400))), "is longer than 300 characters"),
        (row(&format!("MC-101,{},80,%,2024,28,,", "y".repeat(200))), "row 3: indicator 'yyy"),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert!(error.starts_with("assurance.outcomes: quality.csv: ") && error.contains(said), "{said}: {error}");
        assert!(error.len() < 400, "{error}");
    }
    let error = read(b"credential,indicator\nMC-101,\xff\n").unwrap_err();
    assert!(error.contains("line 2 is not UTF-8"), "{error}");
}

#[test]
fn no_damage_to_a_file_is_more_than_an_error() {
    let whole = format!("{HEAD}MC-101,satisfaction,4.3,of 5,2024-2025,27,\"a, b\",https://example.org/q\n");
    for cut in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        bytes[cut] ^= 0x15;
        drop((read(&whole.as_bytes()[..cut]), read(&bytes)));
    }
}

#[test]
fn a_file_that_is_not_there_is_said_and_a_plan_without_one_has_no_figures() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.toml");
    std::fs::write(&path, format!("{PLAN}[assurance]\noutcomes = 'gone.csv'\n")).unwrap();
    let plan = Plan::read(&path).unwrap();
    let check = figures_line(&plan).unwrap().unwrap_err();
    for error in [hashes(&plan).unwrap_err().to_string(), check] {
        assert!(error.contains("gone.csv") && error.contains("assurance.outcomes"), "{error}");
    }
    std::fs::write(&path, format!("{PLAN}[assurance]\noutcome = 'x'\n")).unwrap();
    assert!(Plan::read(&path).unwrap_err().to_string().contains("did you mean `outcomes`?"));
    std::fs::write(&path, PLAN).unwrap();
    let plan = Plan::read(&path).unwrap();
    assert!(figures(&plan, &Findings::default()).unwrap().is_none() && figures_line(&plan).is_none());
}
