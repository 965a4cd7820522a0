//! The kit's second half: answers that arrive whole and are odd inside, for every service whose answers have that form.
//! Letters and numbers are those of the catalogue of faults in CONTRIBUTING.

use crate::conformance::{World, named};
use crate::loopback::Server;
use crate::services::{Asked, Case, Reply, cases};
use regex::Regex;
use skillgap::pipeline::Stage;
use skillgap::types::Posting;
use std::sync::{Arc, LazyLock, Mutex};

/// What may come of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    /// The same records as without the fault.
    Same,
    /// No fewer records seen, some of them counted as rejects.
    Counted,
    /// Refused in words.
    Refused,
}

use Outcome::{Counted, Refused, Same};

/// A way to spoil an answer; nothing where it is not of that form.
type Spoil = fn(&Reply) -> Option<Vec<u8>>;

fn text(reply: &Reply) -> Option<&str> {
    (reply.status == 200).then(|| std::str::from_utf8(&reply.body).ok()).flatten().filter(|t| !t.trim().is_empty())
}

fn media_type(reply: &Reply) -> &str {
    reply.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value.as_str())
}

/// The separator of a table that is an answer.
fn separator(reply: &Reply) -> Option<char> {
    let (head, _) = text_of_table(reply).filter(|_| media_type(reply).contains("csv"))?;
    [',', ';'].into_iter().max_by_key(|s| head.matches(*s).count())
}

/// First line, and what follows. SEPE sends its tables as windows-1252, and titles above the heads.
fn text_of_table(reply: &Reply) -> Option<(String, String)> {
    let whole: String = match std::str::from_utf8(&reply.body) {
        Ok(text) => text.to_owned(),
        Err(_) => reply.body.iter().map(|b| char::from(*b)).collect(),
    };
    let whole = whole.replace("\r\n", "\n");
    let (head, rest) = whole.split_once('\n')?;
    (reply.status == 200).then(|| (head.to_owned(), rest.to_owned()))
}

/// A table of comma-separated values, cut at its heads: SEPE's stand under a title, and are found by `;`.
fn csv(reply: &Reply) -> Option<(char, String, String)> {
    let separator = separator(reply)?;
    let (mut head, mut rest) = text_of_table(reply)?;
    while head.matches(separator).count() < 2 || head.split(separator).filter(|c| !c.trim().is_empty()).count() < 2 {
        let (line, after) = rest.split_once('\n')?;
        head = format!("{head}\n{line}");
        rest = after.to_owned();
    }
    Some((separator, head, rest))
}

/// The first row after the heads, changed.
fn first_row(reply: &Reply, change: impl Fn(char, &str) -> String) -> Option<Vec<u8>> {
    let (separator, head, rest) = csv(reply)?;
    let (row, after) = rest.split_once('\n').unwrap_or((&rest, ""));
    Some(format!("{head}\n{}\n{after}", change(separator, row)).into_bytes())
}

const TABLES: [(&str, Spoil, &[Outcome]); 7] = [
    // It may be closed by the next quote of the file: what lies between is counted.
    ("P4 unclosed quote", |r| first_row(r, |s, row| row.replacen(s, &format!("{s}\""), 1)), &[Counted, Refused]),
    ("P4 ragged", |r| first_row(r, |s, row| format!("{row}{s}1{s}2{s}3")), &[Counted, Refused]),
    (
        "P4 duplicate header",
        |r| {
            let (separator, head, rest) = csv(r)?;
            let (above, own) =
                head.rsplit_once('\n').map_or((String::new(), head.as_str()), |(a, o)| (format!("{a}\n"), o));
            let mut names: Vec<&str> = own.split(separator).collect();
            *names.get_mut(1)? = names.first()?.trim_start_matches('\u{feff}');
            Some(format!("{above}{}\n{rest}", names.join(&separator.to_string())).into_bytes())
        },
        &[Refused],
    ),
    ("P4 NUL", |r| first_row(r, |s, row| row.replacen(s, &format!("\0{s}"), 1)), &[Same, Counted, Refused]),
    (
        "P4 CR only",
        |r| csv(r).map(|(_, head, rest)| format!("{head}\n{rest}").replace('\n', "\r").into_bytes()),
        &[Same, Refused],
    ),
    ("P4 header only", |r| csv(r).map(|(_, head, _)| format!("{head}\n").into_bytes()), &[Refused]),
    (
        "P4 million characters",
        |r| first_row(r, |s, row| row.replacen(s, &format!("{}{s}", "x".repeat(1_100_000)), 1)),
        &[Counted, Refused],
    ),
];

/// Something put behind the start of a page's body.
fn in_body(reply: &Reply, put: &str) -> Option<Vec<u8>> {
    let text = text(reply).filter(|_| media_type(reply).contains("html"))?;
    let at = text.find("<body>")? + "<body>".len();
    Some(format!("{}{put}{}", &text[..at], &text[at..]).into_bytes())
}

const PAGES: [(&str, Spoil, &[Outcome]); 3] = [
    ("P3 nested", |r| in_body(r, &"<div>".repeat(100_000)), &[Same, Counted, Refused]),
    (
        "P3 attributes",
        |r| in_body(r, &format!("<p {}>", (0..100_000).map(|n| format!("a{n}=\"\" ")).collect::<String>())),
        &[Same, Counted, Refused],
    ),
    ("P3 text", |r| in_body(r, &format!("<p>{}</p>", "palabra ".repeat(400_000))), &[Same, Counted, Refused]),
];

/// The linked data of a page, changed.
fn linked(reply: &Reply, change: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    const OPEN: &str = "<script type=\"application/ld+json\">";
    let text = text(reply).filter(|_| media_type(reply).contains("html"))?;
    let (from, _) = text.match_indices(OPEN).last()?;
    let from = from + OPEN.len();
    let to = from + text[from..].find("</script>")?;
    let bare = text[from..to].trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").trim();
    Some(format!("{}{}{}", &text[..from], change(bare), &text[to..]).into_bytes())
}

/// A member put in front of the others of the first object.
fn member(json: &str, member: &str) -> String {
    json.replacen('{', &format!("{{{member},"), 1)
}

fn deep(levels: usize) -> String {
    format!("\"more\":{}1{}", "[".repeat(levels), "]".repeat(levels))
}

const LINKED: [(&str, Spoil, &[Outcome]); 7] = [
    ("P2 CDATA", |r| linked(r, |j| format!("<![CDATA[{j}]]>")), &[Same]),
    ("P2 comment around", |r| linked(r, |j| format!("<!--\n{j}\n-->")), &[Same]),
    ("P2 comment inside", |r| linked(r, |j| j.replacen(',', ",/* from the editor */", 1)), &[Same]),
    ("P2 trailing comma", |r| linked(r, |j| j.replace("}]", "},]").replace("\"}", "\",}")), &[Same]),
    ("P2 raw newline", |r| linked(r, |j| member(j, "\"note\":\"one\ntwo\tthree\"")), &[Same]),
    // Neither may cost a page without a word.
    ("P2 lone surrogate", |r| linked(r, |j| member(j, "\"note\":\"\\ud83d\"")), &[Same, Counted, Refused]),
    ("P2 depth 200", |r| linked(r, |j| member(j, &deep(200))), &[Same, Counted, Refused]),
];

fn json(reply: &Reply, change: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    let text = text(reply).filter(|_| media_type(reply).contains("json"))?;
    text.contains('{').then(|| change(text).into_bytes())
}

const JSON: [(&str, Spoil, &[Outcome]); 5] = [
    ("depth 200", |r| json(r, |j| member(j, &deep(200))), &[Same, Counted, Refused]),
    ("lone surrogate", |r| json(r, |j| member(j, "\"note\":\"\\ud83d\"")), &[Same, Counted, Refused]),
    ("trailing comma", |r| json(r, |j| j.replacen('}', ",}", 1)), &[Counted, Refused]),
    (
        "unknown member",
        |r| json(r, |j| member(j, "\"brand_new\":{\"a\":[null,1e400,-0,\"\\u0000\"]}")),
        &[Same, Counted, Refused],
    ),
    (
        "another form",
        |r| {
            // The description of a Socrata table may be missed.
            let is_description = text(r)?.contains("rowsUpdatedAt");
            json(r, |_| "{\"message\":\"scheduled maintenance\"}".to_owned()).filter(|_| !is_description)
        },
        &[Refused],
    ),
];

fn workbook(write: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    write(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn is_workbook(reply: &Reply) -> bool {
    reply.status == 200 && reply.body.starts_with(b"PK")
}

const WORKBOOKS: [(&str, Spoil, &[Outcome]); 3] = [
    (
        "P5 far cell",
        |r| {
            let far = workbook(|sheet| {
                sheet.write(0, 0, "Indicator").unwrap().write(60_000, 16_383, "far").unwrap();
            });
            is_workbook(r).then_some(far)
        },
        &[Refused],
    ),
    (
        "P5 formulas without value",
        |r| {
            let formulas = workbook(|sheet| {
                for row in 0..5 {
                    sheet.write_formula(row, 0, "=1/0").unwrap().write_formula(row, 1, "=NOW()").unwrap();
                }
            });
            is_workbook(r).then_some(formulas)
        },
        &[Refused],
    ),
    ("P5 empty", |r| is_workbook(r).then(|| workbook(|_| {})), &[Refused]),
];

fn world(case: &Case, reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> World {
    World::with(case, Server::start(reply), "allow_private_hosts = ['127.0.0.1']\n")
}

/// What every service answers when all is well, in the order of the cases.
static ANSWERS: LazyLock<Vec<Vec<Reply>>> = LazyLock::new(|| {
    let answers = |case: &Case| {
        let (reply, seen) = (case.reply, Arc::new(Mutex::new(Vec::new())));
        let all = Arc::clone(&seen);
        let answering = move |asked: &Asked| {
            let answer = reply(asked);
            all.lock().unwrap().push(answer.clone());
            answer
        };
        world(case, answering).acquire(true).unwrap();
        seen.lock().unwrap().clone()
    };
    cases().iter().map(answers).collect()
});

/// Every answer of a walk that has the form, spoilt; what comes of it (nothing: records are lost, or nobody says why), and
/// what was said.
fn spoilt(case: &Case, spoil: Spoil) -> (Option<Outcome>, String) {
    let reply = case.reply;
    let spoiling = move |asked: &Asked| {
        let mut answer = reply(asked);
        answer.body = spoil(&answer).unwrap_or(answer.body);
        answer
    };
    let summary = world(case, spoiling).acquire(true).unwrap();
    let count = summary.counts.iter().find(|c| c.step == "acquire service").map_or((0, 0), |c| (c.kept, c.rejected));
    let refused = summary.refused.iter().find(|r| r.source == "service").map(|r| r.detail.clone());
    let told = format!("{count:?} of ({}, {}), {refused:?}", case.kept, case.rejected);
    let outcome = match refused {
        Some(detail) if count.0 == 0 && !detail.trim().is_empty() => Some(Refused),
        None if count == (case.kept, case.rejected) => Some(Same),
        None if count.1 > case.rejected && count.0 + count.1 >= case.kept + case.rejected => Some(Counted),
        _ => None,
    };
    (outcome, told)
}

fn try_all(spoils: &[(&str, Spoil, &[Outcome])], least: usize) {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (at, (case, answers)) in cases().iter().zip(ANSWERS.iter()).enumerate() {
        for (name, spoil, allowed) in spoils {
            if !answers.iter().any(|answer| spoil(answer).is_some()) {
                continue;
            }
            tried += 1;
            let (outcome, told) = spoilt(case, *spoil);
            if !outcome.is_some_and(|o| allowed.contains(&o)) {
                wrong.push(format!("{} {name}: {outcome:?}, {told}", named(case, at)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= least, "only {tried} were of that form");
}

#[test]
fn broken_tables_are_refused_or_their_rows_counted_and_none_is_swallowed() {
    try_all(&TABLES, 30);
}

#[test]
fn pages_made_to_exhaust_a_reader_are_refused_or_counted() {
    try_all(&PAGES, 15);
}

#[test]
fn damaged_linked_data_in_pages_is_mended_or_counted() {
    try_all(&LINKED, 15);
}

#[test]
fn json_of_another_form_is_read_or_refused_whole() {
    try_all(&JSON, 60);
}

#[test]
fn hostile_workbooks_are_refused_in_words() {
    try_all(&WORKBOOKS, 6);
}

/// Days as services write them: ISO, RFC 2822, milliseconds since 1970.
static DAYS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        Regex::new(r"\b20\d\d-\d\d-\d\d").unwrap(),
        Regex::new(r"\b\w{3}, \d{1,2} \w{3} 20\d\d").unwrap(),
        Regex::new(r#"("createdAt" ?: ?)\d{13}"#).unwrap(),
    ]
});

#[test]
fn days_that_cannot_be_are_null_and_counted_and_cost_no_posting() {
    // In the future, at the beginning of time, no day at all, a Hijri day.
    let days = [
        ("2031-05-05", "Mon, 05 May 2031", "${1}1935705600000", "date_in_future"),
        ("1970-01-01", "Thu, 01 Jan 1970", "${1}1", "date_too_early"),
        ("2026-13-45", "Foo, 45 Bar 2026", "${1}99999999999999999", "date_unreadable"),
        ("1447-03-12", "Wed, 12 Mar 1447", "${1}-16502400000000", ""),
    ];
    let last: skillgap::types::Date = "2027-01-02".parse().unwrap();
    let mut wrong = Vec::new();
    for (at, (case, answers)) in
        cases().iter().zip(ANSWERS.iter()).enumerate().filter(|(_, (c, _))| c.kind == "postings")
    {
        let dated = answers.iter().filter_map(text).any(|text| DAYS.iter().any(|day| day.is_match(text)));
        for (iso, mail, stamp, repair) in days {
            let reply = case.reply;
            let changed = move |asked: &Asked| {
                let mut answer = reply(asked);
                let whole = text(&answer).filter(|_| !asked.path.contains("sitemap")).map(str::to_owned);
                if let Some(mut whole) = whole {
                    for (day, to) in DAYS.iter().zip([iso, mail, stamp]) {
                        whole = day.replace_all(&whole, to).into_owned();
                    }
                    answer.body = whole.into_bytes();
                }
                answer
            };
            let mut world = world(case, changed);
            let summary = world.through(Stage::Clean, true).unwrap();
            let kept = summary.counts.iter().find(|c| c.step == "acquire service").map_or(0, |c| c.kept);
            let clean = world.data().stage("kit", "clean");
            let postings = skillgap::store::read_table::<Posting>(&clean.join("postings.parquet")).unwrap();
            let postings: Vec<Posting> = postings.flat_map(Result::unwrap).collect();
            let own = postings.iter().filter(|p| p.source.to_string() == "service");
            let beyond = own.filter(|p| p.posted_on.is_some_and(|d| d > last || d.year() < 1990)).count();
            let repairs = std::fs::read_to_string(clean.join("repairs.json")).unwrap();
            if kept != case.kept || beyond > 0 || (dated && !repairs.contains(repair)) {
                wrong.push(format!("{} {iso}: {kept} of {}, {beyond} beyond, {repairs}", named(case, at), case.kept));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
