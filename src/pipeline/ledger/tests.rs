use super::*;

const PLAN: &str = "name = 'x'\ntitle = 'X'\nas_of = '2026-06-30'\n\
    [[source]]\nid = 'p'\nkind = 'postings'\npath = 'p.csv'\n\
    [[source]]\nid = 't'\nkind = 'taxonomy'\npath = 't'\n\
    [[source]]\nid = 'c'\nkind = 'credentials'\npath = 'c.csv'\n";

const HEAD: &str = "programme,skill,decision,decided_on,reason,decided_by\n";

fn findings(as_of: &str) -> String {
    let gap = r#"{"programme":"mc","demand":{"skill":"urn:a","label":"A"},"coverage":0.0,"outcome":null,
        "unmet_per_100":12.5,"unmet_low":9.0,"unmet_high":16.0,"status":"add","more":[1]}"#;
    format!(r#"{{"meta":{{"as_of":"{as_of}","plan":"x"}},"gaps":[{gap}],"outcomes":[{{"outcome":"o1","text":"t"}}]}}"#)
}

/// Reads a plan whose ledger names `last/` and, where there are some, decisions.
fn read(findings: &str, decisions: Option<&[u8]>) -> Result<Ledger, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut text = format!("{PLAN}[ledger]\nprevious = 'last'\n");
    std::fs::create_dir(folder.path().join("last")).unwrap();
    std::fs::write(folder.path().join("last/findings.json"), findings).unwrap();
    if let Some(decisions) = decisions {
        text.push_str("decisions = 'ledger.csv'\n");
        std::fs::write(folder.path().join("ledger.csv"), decisions).unwrap();
    }
    std::fs::write(folder.path().join("p.toml"), text).unwrap();
    let plan = Plan::read(&folder.path().join("p.toml")).unwrap();
    assert_eq!(hashes(&plan).unwrap().len(), 1 + usize::from(decisions.is_some()));
    assert_eq!(ledger_part(&plan)["previous"], "last");
    ledger(&plan).map(Option::unwrap).map_err(|e| e.to_string())
}

#[test]
fn a_report_folder_and_a_table_of_decisions_are_read_and_contacts_are_removed() {
    let text = format!(
        "\u{feff}{HEAD}mc,urn:a,Declined,2026-02-01,\"no room, ask ana@example.org\",Ana (+34 934 00 00 00)\n,,,,,\n"
    );
    let ledger = read(&findings("2025-12-31"), Some(text.as_bytes())).unwrap();
    let [decision] = &ledger.decisions[..] else { panic!("{ledger:?}") };
    assert_eq!(
        (decision.row, decision.fate, decision.decided_on.to_string().as_str()),
        (2, Fate::Declined, "2026-02-01")
    );
    assert!(!decision.reason.as_ref().unwrap().contains("example.org"), "{decision:?}");
    assert!(!decision.decided_by.as_ref().unwrap().contains("934"), "{decision:?}");
    assert!(ledger.summary().contains("as of 2025-12-31: 1;"), "{}", ledger.summary());
    let semicolons = "decided_on;skill;decision;programme\n2026-02-01;urn:a;adopted;mc\n";
    assert_eq!(read(&findings("2025-12-31"), Some(semicolons.as_bytes())).unwrap().decisions[0].fate, Fate::Adopted);
    assert!(read(&findings("2025-12-31"), Some(HEAD.as_bytes())).unwrap().decisions.is_empty());
    assert!(read(&findings("2025-12-31"), None).unwrap().decisions.is_empty());
}

#[test]
fn an_edition_that_is_not_earlier_and_a_file_that_is_no_report_are_refused() {
    for (text, said) in [
        (findings("2026-06-30"), "not before this one (2026-06-30)"),
        (findings("2027-01-01"), "as of 2027-01-01"),
        (findings(""), "not that of the measure stage"),
        ("[]".to_owned(), "is not the findings.json of a report"),
        ("{\"meta\":".to_owned(), "is not the findings.json of a report"),
        (String::new(), "is not the findings.json of a report"),
    ] {
        let error = read(&text, None).unwrap_err();
        assert!(error.contains("findings.json") && error.contains(said), "{error}");
    }
}

#[test]
fn hostile_tables_of_decisions_are_refused_by_file_row_and_value() {
    let row = |cells: &str| format!("{HEAD}mc,urn:a,adopted,2026-02-01,,\n{cells}\n");
    for (text, said) in [
        (String::new(), "row 1: no column 'programme'"),
        ("programme,skill,decision,when\n".to_owned(), "row 1: column 'when' is not known"),
        ("programme,skill,decision,decided_on,skill\n".to_owned(), "column 'skill' stands there twice"),
        ("programme,skill,decision\n".to_owned(), "no column 'decided_on'"),
        (row("mc,urn:a,maybe,2026-02-01,,"), "row 3: decision 'maybe'"),
        (row("mc,urn:a,adopted,01/02/2026,,"), "row 3: decided_on '01/02/2026'"),
        (row("mc,,adopted,2026-02-01,,"), "row 3: skill is empty"),
        (row("mc,urn:a"), "row 3"),
        (row("mc,urn:a,declined,2026-02-01,,"), "rows 2 and 3 both decide"),
        (row("mc,urn:a,adopted,2026-02-01,because,"), "rows 2 and 3 both decide"),
        (
            row("mc,urn:b,adopted,2026-02-01,,"),
            "skill 'urn:b': the last edition (as of 2025-12-31) did not recommend this",
        ),
        (row("mc,urn:a,adopted,2025-12-30,,"), "row 3: decided_on 2025-12-30"),
    ] {
        let error = read(&findings("2025-12-31"), Some(text.as_bytes())).unwrap_err();
        assert!(
            error.starts_with("ledger: ") && error.contains("ledger.csv") && error.contains(said),
            "{said}: {error}"
        );
    }
    let error = read(&findings("2025-12-31"), Some(b"programme,skill\nmc,\xff\n")).unwrap_err();
    assert!(error.contains("line 2 is not UTF-8"), "{error}");
    // A duplicated row says the same once.
    assert_eq!(
        read(&findings("2025-12-31"), Some(row("mc,urn:a,adopted,2026-02-01,,").as_bytes())).unwrap().decisions.len(),
        2
    );
}

#[test]
fn files_that_are_not_there_and_decisions_about_nothing_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.toml");
    std::fs::write(&path, format!("{PLAN}[ledger]\nprevious = 'gone.json'\n")).unwrap();
    let plan = Plan::read(&path).unwrap();
    for error in [hashes(&plan).unwrap_err().to_string(), ledger(&plan).unwrap_err().to_string()] {
        assert!(error.contains("gone.json") && error.contains("cannot"), "{error}");
    }
    std::fs::write(&path, format!("{PLAN}[ledger]\ndecisions = 'ledger.csv'\n")).unwrap();
    let error = Plan::read(&path).unwrap_err().to_string();
    assert!(error.contains("ledger.decisions") && error.contains("ledger.previous"), "{error}");
    std::fs::write(&path, format!("{PLAN}[ledger]\nprevius = 'x'\n")).unwrap();
    assert!(Plan::read(&path).unwrap_err().to_string().contains("did you mean `previous`?"));
    std::fs::write(&path, PLAN).unwrap();
    assert!(ledger(&Plan::read(&path).unwrap()).unwrap().is_none());
}
