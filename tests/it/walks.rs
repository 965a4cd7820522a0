//! Walks that end before their set is whole, and what is said of questions that gave nothing.

use crate::conformance::{Heard, World};
use crate::loopback::{Fault, Server};
use crate::services::{Asked, Case, Reply, cases};
use skillgap::pipeline::{Network, Plan, Run, RunSummary, Stage};
use std::collections::BTreeSet;
use std::sync::Mutex;

fn case(service: &str, ask: Option<&'static str>) -> Case {
    let mut case = cases().into_iter().find(|case| case.service == service).unwrap();
    case.ask = ask.unwrap_or(case.ask);
    case
}

fn world(case: &Case) -> (World, Server) {
    let server = Server::start(case.reply);
    (World::with(case, server.clone(), "allow_private_hosts = ['127.0.0.1']\n"), server)
}

/// A run at an hour of one day, and what it said.
fn run(world: &World, hour: u32) -> (RunSummary, Vec<String>) {
    let (plan, data, heard) = (Plan::read(&world.plan).unwrap(), world.data(), Heard::default());
    let mut run = Run::new(&plan, &data, &heard, false);
    run.network = Network::at(format!("2026-11-26T{hour:02}:00:00Z").parse().unwrap(), false);
    let summary = run.through(Stage::Acquire).unwrap();
    let said = heard.0.lock().unwrap().clone();
    (summary, said)
}

fn of_service(summary: &RunSummary) -> Option<(u64, u64)> {
    let count = summary.counts.iter().find(|count| count.step == "acquire service");
    count.map(|count| (count.kept, count.rejected))
}

fn refusal(summary: &RunSummary) -> &str {
    summary.refused.iter().find(|refused| refused.source == "service").map_or("", |refused| refused.detail.as_str())
}

fn paths(server: &Server) -> BTreeSet<String> {
    server.seen().into_iter().map(|asked| asked.path).collect()
}

#[test]
fn a_site_that_shuts_its_door_at_a_page_is_left_alone_and_the_next_run_goes_on_from_there() {
    for status in [403, 429] {
        let case = case("site", None);
        let (world, server) = world(&case);
        let pages = AtPage::default();
        // The third page is the first that is refused; so would be every page after it.
        server.wrong(move |asked| {
            let is_refused = asked.path.starts_with("/ofertas/") && pages.nth(&asked.path) >= 3;
            is_refused.then(|| Fault::Instead(Reply::new(status, "text/plain", "leave me alone")))
        });
        let (summary, _) = run(&world, 8);
        let detail = refusal(&summary);
        assert!(detail.contains(&format!("status {status}")) && detail.contains("the next run goes on"), "{detail}");
        assert_eq!(of_service(&summary), None, "no part is promoted");
        let before = paths(&server);
        assert_eq!(before.iter().filter(|path| path.starts_with("/ofertas/")).count(), 3, "{before:?}");
        server.wrong(|_| None);
        server.forget();
        let (summary, _) = run(&world, 9);
        assert_eq!((refusal(&summary), of_service(&summary)), ("", Some((case.kept, case.rejected))));
        let again: Vec<String> = paths(&server).intersection(&before).cloned().collect();
        assert_eq!(again.len(), 1, "only the page that was refused is asked for again: {again:?}");
    }
}

/// Which page of a walk an address is, by when it was first asked for.
#[derive(Default)]
struct AtPage(Mutex<Vec<String>>);

impl AtPage {
    fn nth(&self, path: &str) -> usize {
        let mut known = self.0.lock().unwrap();
        if !known.iter().any(|page| page == path) {
            known.push(path.to_owned());
        }
        known.iter().position(|page| page == path).unwrap() + 1
    }
}

#[test]
fn pages_that_are_all_gone_are_told_as_such_and_not_as_a_source_that_was_never_asked() {
    let (world, server) = world(&case("site", None));
    server.wrong(|asked| asked.path.starts_with("/ofertas/").then(|| Fault::Instead(Reply::not_found())));
    let (summary, _) = run(&world, 8);
    let detail = refusal(&summary);
    assert!(detail.contains("none of its") && detail.contains("404") && !detail.contains("--offline"), "{detail}");
}

#[test]
fn a_feed_without_an_item_is_no_fault_and_is_told_in_the_services_words() {
    let (world, _) = world(&case("jobs_ps", Some("feed = ['jericho-jobs']")));
    let (summary, said) = run(&world, 8);
    assert_eq!(refusal(&summary), "");
    assert!(
        said.iter()
            .any(|s| s.contains("service") && s.contains("was asked, and has nothing") && s.contains("jericho-jobs")),
        "{said:?}"
    );
}

#[test]
fn a_board_without_a_position_is_told_as_such_the_first_time_and_every_time() {
    for (service, empty) in [
        ("greenhouse", r#"{"jobs":[],"meta":{"total":0}}"#),
        ("lever", "[]"),
        ("ashby", r#"{"apiVersion":"1","jobs":[]}"#),
        ("workable", r#"{"name":"Acme Relief","description":null,"jobs":[]}"#),
        ("recruitee", r#"{"offers":[]}"#),
    ] {
        let case = case(service, None);
        let server = Server::start(case.reply);
        let fetch = "allow_private_hosts = ['127.0.0.1']\nfresh_hours = 0.5\n";
        let world = World::with(&case, server.clone(), fetch);
        // Nothing, then postings, then nothing once more.
        for (hour, is_empty) in [(8, true), (9, false), (10, true)] {
            server.wrong(move |_| is_empty.then(|| Fault::Instead(Reply::json(empty))));
            let (summary, said) = run(&world, hour);
            assert_eq!(refusal(&summary), "", "{service} at {hour}");
            let told = said.iter().any(|s| s.contains("has nothing") && s.contains("has no position open"));
            assert_eq!(told, is_empty, "{service} at {hour}: {said:?}");
            let found = of_service(&summary).map(|(kept, _)| kept);
            assert_eq!(found, (hour > 8).then_some(case.kept), "{service} at {hour}");
        }
    }
}

#[test]
fn a_detail_of_another_posting_is_a_counted_reject() {
    let case = case("smartrecruiters", None);
    let (world, server) = world(&case);
    let reply = case.reply;
    // Every detail is that of the first posting; the one that was withdrawn too.
    server.wrong(move |asked| {
        let list = "/v1/companies/Acme/postings/";
        let first = Asked { path: format!("{list}743999700000001"), ..asked.clone() };
        asked.path.starts_with(list).then(|| Fault::Instead(reply(&first)))
    });
    let (summary, _) = run(&world, 8);
    assert_eq!((refusal(&summary), of_service(&summary)), ("", Some((1, 4))));
}

#[test]
fn a_part_that_gives_nothing_beside_others_that_answer_is_named() {
    let (world, _) = world(&case("worldbank", None));
    let (summary, said) = run(&world, 8);
    assert_eq!((refusal(&summary), of_service(&summary)), ("", Some((9, 0))));
    let told = said.iter().find(|said| said.contains("a part of what was asked")).cloned().unwrap_or_default();
    assert!(told.contains("SE.ADT.LITR.ZS") && told.contains("no figures"), "{said:?}");
    // The end of the pages of a table is no such part.
    let (other, _) = world_of_socrata();
    let (_, said) = run(&other, 8);
    assert!(!said.iter().any(|said| said.contains("a part of what was asked")), "{said:?}");
}

fn world_of_socrata() -> (World, Server) {
    world(&case("socrata", None))
}

#[test]
fn a_month_that_a_list_leads_to_and_that_gives_nothing_is_named() {
    let (world, server) = world(&case("sepe_occupations", Some("occupation = '2721'\nyear = 2026")));
    server.wrong(|asked| {
        let none = "<html><body><p>No existe ningún documento</p></body></html>";
        let none = Reply::new(200, "text/html;charset=UTF-8", none);
        asked.path.contains("_mensuales_2026_06_").then_some(Fault::Instead(none))
    });
    let (summary, said) = run(&world, 8);
    assert_eq!((refusal(&summary), of_service(&summary)), ("", Some((56, 0))));
    let told = said.iter().any(|said| said.contains("a part of what was asked") && said.contains("CNO-2721, 2026-06"));
    assert!(told, "{said:?}");
}
