//! Real files, served byte for byte on loopback: a service gives of them what a file from the disk gives.

use crate::conformance::World;
use crate::loopback::Server;
use crate::real::shared;
use crate::services::{Asked, Case, Reply};
use crate::support::gunzip;
use serde_json::Value;
use skillgap::types::RawPosting;
use std::path::Path;

/// A file, and the service that would send it.
struct Served {
    service: &'static str,
    kind: &'static str,
    ask: &'static str,
    /// Keys of both sources.
    source: &'static str,
    file: &'static str,
    /// A part of the path that is answered with the file.
    at: &'static str,
}

const STATISTICS: [Served; 6] = [
    Served {
        service: "ilostat",
        kind: "statistics",
        ask: "indicator = 'EMP_NIFL_SEX_RT_A'",
        source: "",
        file: "statistics/ilostat/EMP_NIFL_SEX_RT_A-20240726T0000.csv.gz",
        at: "/data/indicator/",
    },
    Served {
        service: "eurostat",
        kind: "statistics",
        ask: "dataset = 'EARN_SES_ANNUAL'\nform = 'sdmx_csv'\nkey = 'A'",
        source: "",
        file: "statistics/eurostat/sdmx_csv_EARN_SES_ANNUAL.csv",
        at: "/sdmx/2.1/data/",
    },
    Served {
        service: "eurostat",
        kind: "statistics",
        ask: "dataset = 'galicia'",
        source: "",
        file: "statistics/jsonstat/galicia.json",
        at: "/statistics/1.0/data/",
    },
    Served {
        service: "ine",
        kind: "statistics",
        ask: "table = 65134\nform = 'csv'",
        source: "area = 'ES'\nindicator = 'Ocupados'\nunit = 'miles'",
        file: "statistics/ine_epa/Ocupados.csv.gz",
        at: "/csv_bdsc/",
    },
    Served {
        service: "ine",
        kind: "statistics",
        ask: "table = 4086\nform = 'px'",
        source: "area = 'ES'",
        file: "statistics/ine_px/4086.px",
        at: "/px/",
    },
    Served {
        service: "cedefop",
        kind: "statistics",
        ask: "file = 'foundation_skills.csv'",
        source: "columns = { period = { const = '2020' }, area = { const = 'European Union' } }",
        file: "statistics/cedefop/foundation_skills.csv",
        at: "/files/",
    },
];

const CREDENTIALS: [Served; 3] = [
    Served {
        service: "elm_catalogue",
        kind: "credentials",
        ask: "url = '/Sample-MC-Annex1-unsigned.jsonld'",
        source: "",
        file: "courses/elm_official/Sample-MC-Annex1-unsigned.jsonld",
        at: "/Sample",
    },
    Served {
        service: "elm_catalogue",
        kind: "credentials",
        ask: "url = '/Sample-MC-Annex1-signed.jsonld'",
        source: "",
        file: "courses/elm_official/Sample-MC-Annex1-signed.jsonld",
        at: "/Sample",
    },
    Served {
        service: "ooapi",
        kind: "credentials",
        ask: "",
        source: "",
        file: "courses/qualitylink_ooapi/derived_ooapi_courses.json",
        at: "/courses",
    },
];

fn case(served: &Served) -> Case {
    let Served { service, kind, ask, source, .. } = *served;
    let (questions, kept, rejected) = (0, 0, 0);
    Case {
        service,
        kind,
        base_path: "",
        ask,
        source,
        reply: |_| Reply::not_found(),
        questions,
        kept,
        rejected,
        shows: &[],
    }
}

/// A world with the file behind a service and on the disk.
fn world(served: &Served, file: &Path) -> World {
    let bytes = std::fs::read(file).unwrap();
    let (at, packed) = (served.at, file.extension().is_some_and(|e| e == "gz"));
    let server = Server::start(move |asked: &Asked| {
        if !asked.path.contains(at) {
            return Reply::not_found();
        }
        let reply = Reply::new(200, "application/octet-stream", bytes.clone());
        if packed { reply.with("content-encoding", "gzip") } else { reply }
    });
    let world = World::with(&case(served), server, "allow_private_hosts = ['127.0.0.1']\n");
    let own = format!(
        "\n[[source]]\nid = 'real'\nkind = '{}'\npath = '{}'\n{}\n",
        served.kind,
        file.display(),
        served.source
    );
    let text = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, text + &own).unwrap();
    world
}

/// What was read of a source, without where it was read.
fn of_source(world: &World, artefact: &str, source: &str) -> Vec<Value> {
    let path = world.data().stage("kit", "acquire").join(artefact);
    let all: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let is_own = |value: &&Value| value.to_string().contains(&format!("\"source\":\"{source}\""));
    let mut own: Vec<Value> = all.iter().filter(is_own).cloned().collect();
    for value in &mut own {
        match value {
            Value::Array(pair) => drop(pair.remove(0)),
            Value::Object(map) => drop(map.remove("origin")),
            _ => {}
        }
    }
    own
}

#[test]
fn statistics_and_credentials_of_real_files_are_the_same_over_the_network_and_from_the_disk() {
    let Some(shared) = shared() else { return };
    for (artefact, files) in [("observations.json", &STATISTICS[..]), ("credentials.json", &CREDENTIALS[..])] {
        for served in files {
            let mut world = world(served, &shared.join(served.file));
            let summary = world.acquire(true).unwrap();
            assert!(summary.refused.is_empty(), "{}: {:?}", served.file, summary.refused);
            let (asked, read) = (of_source(&world, artefact, "service"), of_source(&world, artefact, "real"));
            assert!(!read.is_empty(), "{}", served.file);
            assert!(asked == read, "{}: {} records asked, {} read", served.file, asked.len(), read.len());
        }
    }
}

#[test]
fn real_postings_in_pages_behind_a_sitemap_are_read_as_they_are_from_a_file() {
    let Some(shared) = shared() else { return };
    let all = gunzip(&shared.join("postings/en_nhs_jsonld/nhs_jobpostings.jsonl.gz"));
    let lines: Vec<String> = all.lines().take(40).map(str::to_owned).collect();
    let pages = lines.clone();
    let server = Server::start(move |asked: &Asked| {
        let number = asked.path.strip_prefix("/vacancy/").and_then(|n| n.parse::<usize>().ok());
        match (asked.path.as_str(), number.and_then(|n| pages.get(n))) {
            ("/sitemap.xml", _) => {
                let entry = |n| format!("<url><loc>{}/vacancy/{n}</loc></url>", asked.base);
                let entries: String = (0..pages.len()).map(entry).collect();
                let xml = format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{entries}</urlset>");
                Reply::new(200, "application/xml", xml)
            }
            (_, Some(line)) => {
                let page = format!(
                    "<!DOCTYPE html><html><head><script type=\"application/ld+json\">{line}</script></head><body></body></html>"
                );
                Reply::new(200, "text/html; charset=utf-8", page)
            }
            _ => Reply::not_found(),
        }
    });
    let served = Served { service: "site", kind: "postings", ask: "", source: "area = 'GB'", file: "", at: "" };
    let mut world = World::with(&case(&served), server, "allow_private_hosts = ['127.0.0.1']\n");
    let file = world.plan.with_file_name("real.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let own = format!("\n[[source]]\nid = 'real'\nkind = 'postings'\npath = '{}'\narea = 'GB'\n", file.display());
    let text = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, text + &own).unwrap();
    let summary = world.acquire(true).unwrap();
    assert!(summary.refused.is_empty(), "{:?}", summary.refused);
    let rows = |source: &str| {
        let table = world.data().stage("kit", "acquire").join(format!("postings-{source}.parquet"));
        let rows = skillgap::store::read_table::<RawPosting>(&table).unwrap().flat_map(Result::unwrap);
        let told = |p: RawPosting| (p.url, p.title, p.body, p.employer, p.place, p.posted_on, p.closes_on, p.salary);
        let mut rows: Vec<_> = rows.map(told).collect();
        rows.sort();
        rows
    };
    assert_eq!(rows("service").len(), 40);
    assert_eq!(rows("service"), rows("real"));
}
