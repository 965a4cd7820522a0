//! The two plans that ask over the network, run by the program from the first question to the report.

use crate::loopback::{Fault, Server};
use crate::services::{Reply, cases};
use crate::support::{code, root, skillgap, stderr, stdout};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A plan of the project with its services imitated, and the files it expects beside it.
struct World {
    folder: tempfile::TempDir,
    plan: PathBuf,
    servers: BTreeMap<String, Server>,
}

impl World {
    fn of(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for inputs in ["inputs/credentials", "inputs/statistics", "data", "pipelines"] {
            std::fs::create_dir_all(at(inputs)).unwrap();
        }
        std::fs::copy(root().join("data/samples/credentials.csv"), at("inputs/credentials/catalogue.csv")).unwrap();
        kiese(&at("inputs/statistics/kiese.xlsx"));
        copy_folder(&root().join("data/reference"), &at("data/reference"));
        let (mut servers, mut lines) = (BTreeMap::new(), Vec::new());
        let text = std::fs::read_to_string(root().join("pipelines").join(format!("{name}.toml"))).unwrap();
        let mut service = String::new();
        for line in text.lines() {
            if let Some(id) = line.strip_prefix("service = ") {
                id.trim_matches('"').clone_into(&mut service);
            }
            lines.push(match line.strip_prefix("ask = {") {
                None => line.to_owned(),
                Some(rest) => {
                    let case = cases().into_iter().find(|c| c.service == service).unwrap();
                    let server = servers.entry(service.clone()).or_insert_with(|| Server::start(case.reply));
                    format!("ask = {{ base_url = \"{}{}\",{rest}", server.base(), case.base_path)
                }
            });
        }
        let own = "contact = \"tests@example.org\"\nallow_private_hosts = [\"127.0.0.1\"]\npause_seconds = 0.0\n\
                   backoff_seconds = 0.01\nretries = 1";
        let text =
            lines.join("\n").replace("contact = \"\"", own).replace("your-approved-appname", "example-org-skills");
        let plan = at("pipelines").join(format!("{name}.toml"));
        std::fs::write(&plan, text).unwrap();
        Self { folder, plan, servers }
    }

    fn skillgap(&self, arguments: &[&str]) -> Output {
        let data = self.folder.path().join("data");
        skillgap().arg("--data-dir").arg(data).args(arguments).arg(&self.plan).output().unwrap()
    }

    fn report(&self, name: &str, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join("data/build").join(name).join("report").join(file)).unwrap()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten().filter(|e| e.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// A workbook as an operator of ETF's figures would supply it.
fn kiese(path: &Path) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, head) in (0..).zip(["Indicator", "ISO3", "Year", "Sex", "Value", "Unit", "Source"]) {
        sheet.write(0, at, head).unwrap();
    }
    for (row, (year, sex, value)) in (1..).zip([("2023", "Total", 30.7), ("2024", "Females", 40.2)]) {
        sheet.write(row, 0, "NEET rate, age 15-24").unwrap();
        sheet.write(row, 1, "PSE").unwrap();
        sheet.write(row, 2, year).unwrap();
        sheet.write(row, 3, sex).unwrap();
        sheet.write(row, 4, value).unwrap();
        sheet.write(row, 5, "%").unwrap();
        sheet.write(row, 6, "PCBS, LFS").unwrap();
    }
    workbook.save(path).unwrap();
}

fn expect_done(output: &Output) {
    assert_eq!(code(output), 0, "{}\n{}", stderr(output), stdout(output));
}

#[test]
fn palestine_and_catalonia_run_from_the_first_question_to_the_report() {
    for (name, services, texts) in [
        ("palestine", 6, ["ReliefWeb", "jobs-ps", "pcbs", "kiese"]),
        ("catalonia", 10, ["sepe-occupations", "ine-epa", "idescat-epa", "eurostat"]),
    ] {
        let world = World::of(name);
        assert_eq!(world.servers.len(), services, "{name}");
        expect_done(&world.skillgap(&["sources", "check"]));
        let output = world.skillgap(&["run"]);
        expect_done(&output);
        for (service, server) in &world.servers {
            assert!(!server.seen().is_empty(), "{service} was not asked");
        }
        let findings = world.report(name, "findings.json");
        for text in texts {
            assert!(findings.contains(text), "{name}: no {text} in the findings");
        }
        assert!(world.report(name, "gap.html").contains("<html"));
        // A moment later nothing is asked, and every stage stands.
        let asked: usize = world.servers.values().map(|s| s.seen().len()).sum();
        let again = world.skillgap(&["run"]);
        expect_done(&again);
        assert_eq!(world.servers.values().map(|s| s.seen().len()).sum::<usize>(), asked);
        assert!(stderr(&again).contains("report: unchanged, reused"), "{}", stderr(&again));
        expect_done(&world.skillgap(&["sources", "freshness"]));
    }
}

#[test]
fn a_source_that_is_down_is_named_the_others_go_on_and_the_run_ends_with_three() {
    let world = World::of("palestine");
    let down = |server: &Server| server.wrong(|_| Some(Fault::Instead(Reply::new(503, "text/plain", "maintenance"))));
    down(&world.servers["worldbank"]);
    let output = world.skillgap(&["run"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stdout(&output).contains("refused worldbank") && stdout(&output).contains("503"), "{}", stdout(&output));
    assert!(world.report("palestine", "gap.html").contains("<html"));
    // It comes back; another goes, and its last answers are used.
    world.servers["worldbank"].wrong(|_| None);
    down(&world.servers["reliefweb"]);
    let output = world.skillgap(&["run", "--refresh"]);
    assert_eq!(code(&output), 3);
    let told = stdout(&output);
    assert!(
        told.contains("refused reliefweb") && told.contains("are used") && !told.contains("refused worldbank"),
        "{told}"
    );
    assert!(stderr(&output).contains("acquire reliefweb: read 5 = kept 4"), "{}", stderr(&output));
}

#[test]
fn without_a_contact_no_service_is_asked_and_the_plan_says_why() {
    let world = World::of("palestine");
    let text = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, text.replace("contact = \"tests@example.org\"", "contact = \"\"")).unwrap();
    let output = world.skillgap(&["run"]);
    assert_ne!(code(&output), 0);
    assert!(stderr(&output).contains("fetch.contact"), "{}", stderr(&output));
    assert!(world.servers.values().all(|s| s.seen().is_empty() && s.robots_seen() == 0));
}
