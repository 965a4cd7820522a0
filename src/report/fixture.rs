//! Findings for tests: one set that looks like the demo, and the same with every text hostile.

use crate::types::*;
use std::collections::BTreeMap;

const SKILLS: &str = include_str!("../../data/reference/skills.csv");
const LABELS: &str = include_str!("../../data/reference/skill_labels.csv");
const CREDENTIALS: &str = include_str!("../../data/samples/credentials.csv");
const POSTINGS: u64 = 7412;
const AREAS: [(&str, u64); 6] =
    [("ES51", 3120), ("PSE-RBH", 1404), ("ES511", 1208), ("PSE-NBS", 702), ("PSE-GZA", 388), ("PSE-JEN", 41)];

/// Texts that break naive renderers.
pub const HOSTILE: [&str; 10] = [
    "<script>alert(1)</script>",
    "</script></style></title><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)\" x='y'",
    "{{ 7 * 7 }} {% include 'x' %} {# c #}",
    "\u{202e}gnp.exe\u{2066} مهارات",
    "=cmd|'/c calc'!A1",
    "&lt;b&gt; &amp;amp; <!-- <b",
    "]]> <svg onload=alert(1)> \u{feff}",
    "@SUM(1+1)*cmd",
    "javascript:alert(1)",
];

/// Numbers without a clock or a seed from outside.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize % n
    }
}

/// (id, label, green, digital, group)
fn skills() -> Vec<(String, String, bool, bool, String)> {
    let mut names = BTreeMap::new();
    for record in csv::Reader::from_reader(LABELS.as_bytes()).records().map(Result::unwrap) {
        if &record[1] == "en" && &record[2] == "preferred" {
            names.insert(record[0].to_owned(), record[3].to_owned());
        }
    }
    let wanted = [
        "customer-service",
        "project-management",
        "data-analysis",
        "python",
        "sql",
        "digital-marketing",
        "teamwork",
        "communication",
        "spreadsheets",
        "accounting",
        "english",
        "machine-learning",
        "generative-ai",
        "cloud-computing",
        "cybersecurity",
        "agile-project-management",
        "first-aid",
        "patient-safety",
        "nursing-care",
        "web-development",
        "javascript",
        "java",
        "sales",
        "monitoring-and-evaluation",
        "humanitarian-aid",
        "renewable-energy",
        "energy-efficiency",
        "sustainability-reporting",
        "e-commerce",
        "entrepreneurship",
        "search-engine-optimisation",
        "content-management-systems",
        "digital-accessibility",
        "online-teaching",
        "budgeting",
        "logistics",
        "food-safety",
        "teaching",
        "leadership",
        "intercultural-communication",
        "risk-management",
        "social-media-marketing",
        "data-protection",
        "statistics",
    ];
    let mut found = Vec::new();
    for record in csv::Reader::from_reader(SKILLS.as_bytes()).records().map(Result::unwrap) {
        if let Some(at) = wanted.iter().position(|w| *w == &record[0]) {
            let label = names[&record[0]].clone();
            let group = names.get(&record[4]).cloned().unwrap_or_else(|| label.clone());
            found.push((at, (record[1].to_owned(), label, &record[5] == "yes", &record[6] == "yes", group)));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, s)| s).collect()
}

/// (id, title, language, ects, outcomes)
fn credentials() -> Vec<(String, String, Lang, f64, Vec<String>)> {
    let rows = csv::Reader::from_reader(CREDENTIALS.as_bytes()).into_deserialize::<BTreeMap<String, String>>();
    let read = |row: BTreeMap<String, String>| {
        let outcomes = row["outcomes"].split('|').map(str::to_owned).collect();
        let language = Lang::from_code(&row["language"]);
        (row["credential_id"].clone(), row["title"].clone(), language, row["ects"].parse().unwrap(), outcomes)
    };
    rows.map(Result::unwrap).filter(|row| !row["outcomes"].is_empty()).map(read).take(12).collect()
}

fn demand(skill: &(String, String, bool, bool, String), area: &str, base: u64, share: f64) -> Demand {
    let count = (share * base as f64).round() as u64;
    let (n, p, z) = (base as f64 * 0.8, count as f64 / base as f64, 1.96);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let held = base < 60 || count < 5;
    Demand {
        skill: skill.0.clone(),
        label: skill.1.clone(),
        area: area.into(),
        period: "all".into(),
        occupation_group: "all".into(),
        posting_count: count,
        base_count: base,
        employer_count: (count as f64 * 0.4).ceil() as u64,
        source_count: 5.min(count),
        effective_n: n,
        share: (!held).then_some(p),
        share_low: (!held).then_some((middle - half).max(0.0)),
        share_high: (!held).then_some(middle + half),
        mark: held.then_some(Mark::Suppressed),
        ..Demand::default()
    }
}

fn gap(
    programme: &str,
    skill: &(String, String, bool, bool, String),
    demand: Demand,
    coverage: f64,
    outcome: Option<OutcomeId>,
) -> Gap {
    let unmet = |s: Option<f64>| s.map(|s| s * (1.0 - coverage) * 100.0);
    let high = demand.share_high.unwrap_or(1.0);
    let status = match demand.share {
        Some(_) if coverage >= 0.5 && high < 0.025 => GapStatus::Review,
        Some(s) if coverage < 0.25 && s > 0.04 => GapStatus::Add,
        Some(s) if coverage < 0.75 && s > 0.04 => GapStatus::Strengthen,
        Some(_) if coverage >= 0.75 => GapStatus::Covered,
        _ => GapStatus::Watch,
    };
    Gap {
        programme: programme.into(),
        group: skill.4.clone(),
        coverage,
        outcome,
        unmet_per_100: unmet(demand.share),
        unmet_low: unmet(demand.share_low),
        unmet_high: unmet(demand.share_high),
        rank: None,
        tied_to: None,
        top_probability: None,
        status,
        green: skill.2,
        digital: skill.3,
        demand,
    }
}

fn ranked(mut gaps: Vec<Gap>) -> Vec<Gap> {
    gaps.sort_by(|a, b| b.unmet_per_100.unwrap_or(-1.0).total_cmp(&a.unmet_per_100.unwrap_or(-1.0)));
    let highs: Vec<f64> = gaps.iter().map(|g| g.unmet_high.unwrap_or(-1.0)).collect();
    for (i, gap) in gaps.iter_mut().enumerate() {
        let Some(low) = gap.unmet_low else { continue };
        gap.rank = Some(i as u32 + 1);
        let last = highs.iter().rposition(|h| *h >= low).unwrap_or(i).max(i);
        gap.tied_to = (last > i).then_some(last as u32 + 1);
    }
    gaps
}

fn named(gaps: &[Gap], status: GapStatus) -> Vec<String> {
    gaps.iter().filter(|g| g.status == status).take(5).map(|g| g.demand.skill.clone()).collect()
}

fn programme(
    id: &str,
    title: &str,
    ects: f64,
    outcomes: (u64, u64),
    base: u64,
    coverage: f64,
    gaps: &[Gap],
) -> ProgrammeFinding {
    let half = 1.6 / (base as f64).sqrt();
    ProgrammeFinding {
        programme: id.into(),
        title: title.into(),
        ects: Some(ects),
        outcome_count: outcomes.0,
        outcome_linked_count: outcomes.1,
        base_count: base,
        employer_count: base / 6,
        source_count: 5,
        coverage: Some(coverage),
        coverage_low: Some((coverage - half).max(0.0)),
        coverage_high: Some((coverage + half).min(1.0)),
        target_occupations: vec!["data analyst".into(), "statistician".into()],
        add: named(gaps, GapStatus::Add),
        strengthen: named(gaps, GapStatus::Strengthen),
        review: named(gaps, GapStatus::Review),
        mark: None,
    }
}

fn weighted(gaps: &[Gap]) -> f64 {
    let (asked, met) = gaps.iter().fold((0.0, 0.0), |(a, m), g| {
        let s = g.demand.share.unwrap_or_default();
        (a + s, m + s * g.coverage)
    });
    if asked > 0.0 { met / asked } else { 0.0 }
}

const SENTENCES: [(Lang, &str, &str); 8] = [
    (Lang::En, "You will work closely with the finance team on ", " and report to the head of operations."),
    (Lang::En, "We are looking for someone with solid experience in ", ", ideally in a growing organisation."),
    (Lang::Es, "Se valorará experiencia demostrable en ", " y trabajo en equipos multidisciplinares."),
    (Lang::Es, "Entre tus funciones estará el apoyo en ", " junto al resto del departamento."),
    (Lang::Ca, "Busquem una persona amb coneixements de ", " i ganes d'aprendre."),
    (Lang::Ca, "Et faràs càrrec de ", " dins d'un equip petit i proper."),
    (Lang::Ar, "نبحث عن شخص لديه خبرة عملية في ", " ضمن فريق متعدد التخصصات."),
    (Lang::Ar, "تشمل المهام الرئيسية ", " وإعداد التقارير الشهرية."),
];

fn evidence(skills: &[(String, String, bool, bool, String)], dice: &mut Dice) -> Vec<Evidence> {
    let mut rows = Vec::new();
    for (i, skill) in skills.iter().enumerate() {
        for k in 0..6 {
            let (language, before, after) = SENTENCES[(i + k) % SENTENCES.len()];
            let words = if language == Lang::Ar { "تحليل البيانات" } else { skill.1.as_str() };
            rows.push(Evidence {
                skill: skill.0.clone(),
                posting: PostingId(format!("{:016x}", dice.below(usize::MAX >> 12))),
                board: ["jobs-ps", "feina-cat", "empleo-es", "ngo-jobs", "uni-portal"][dice.below(5)].into(),
                url: (k != 3).then(|| format!("https://jobs.example/{i}/{k}")),
                title: ["Data analyst", "Enfermera/o de planta", "Tècnica de projectes", "منسق مشاريع"][dice.below(4)]
                    .into(),
                posted_on: (k != 4).then(|| format!("2026-0{}-1{}", k + 1, k)),
                language,
                start: before.len() as u32,
                end: (before.len() + words.len()) as u32,
                sentence: format!("{before}{words}{after}"),
                label: skill.1.clone(),
                lane: [Lane::Exact, Lane::Stem, Lane::Fuzzy][k % 3],
                score: 1.0 - 0.07 * k as f32,
            });
        }
    }
    rows
}

fn trends(skills: &[(String, String, bool, bool, String)], gaps: &[Gap], dice: &mut Dice) -> Vec<Trend> {
    let mut rows: Vec<Trend> = Vec::new();
    for skill in skills {
        let Some(share) = gaps.iter().find(|g| g.demand.skill == skill.0).and_then(|g| g.demand.share) else {
            continue;
        };
        let growth = (dice.unit() - 0.45) * 0.8;
        let (first_base, last_base) = (3490, 3922);
        let first_count = (share * f64::exp(-growth / 2.0) * 3490.0) as u64;
        let last_count = (share * f64::exp(growth / 2.0) * 3922.0) as u64;
        let spread = 1.96 * (1.0 / first_count.max(1) as f64 + 1.0 / last_count.max(1) as f64).sqrt();
        let call = match growth {
            _ if first_count + last_count < 30 => TrendCall::TooFew,
            g if g - spread > 0.0 && g > 0.3 => TrendCall::Emerging,
            g if g - spread > 0.0 => TrendCall::Growing,
            g if g + spread < 0.0 => TrendCall::Declining,
            _ => TrendCall::NoClearChange,
        };
        rows.push(Trend {
            skill: skill.0.clone(),
            label: skill.1.clone(),
            area: "all".into(),
            first: "2024-Q3..2025-Q2".into(),
            last: "2025-Q3..2026-Q2".into(),
            first_count,
            first_base,
            last_count,
            last_base,
            growth: Some(growth),
            low: Some(growth - spread),
            high: Some(growth + spread),
            q: Some(if growth.abs() > spread { 0.01 } else { 0.4 }),
            last_employers: 40,
            last_sources: 3,
            series: vec![("2026-Q2".into(), last_count / 4, last_base / 4)],
            call,
        });
    }
    rows.sort_by(|a, b| b.growth.unwrap().total_cmp(&a.growth.unwrap()));
    rows
}

fn official() -> Vec<Observation> {
    let row = |indicator: &str, area: &str, period: &str, value: f64, unit: &str, source: &str| Observation {
        indicator: indicator.into(),
        area: AreaCode(area.into()),
        period: Period::parse(period).unwrap(),
        occupation: None,
        sector: None,
        sex: None,
        age: None,
        breakdown: Vec::new(),
        value: Some(value),
        unit: unit.into(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: Some("LFS - Labour Force Survey".into()),
        origin: Origin { source: SourceId::new(source).unwrap(), snapshot: SnapshotId("ab".repeat(32)), record: 1 },
    };
    vec![
        row("Made-up employment", "PS", "2022", 1101.5, "thousand persons", "ilostat"),
        row("Made-up employment", "PS", "2021", 1034.0, "thousand persons", "ilostat"),
        row("Made-up employment", "ES51", "2024-Q3", 3777.7, "thousand persons", "ine"),
        row("Made-up informal employment rate", "PS", "2022", 52.3, "%", "ilostat"),
    ]
}

/// Three micro-credentials: one in order, one with a gap and a warning, one with a warning and a hint.
fn check_counts() -> Vec<CredentialCheckCount> {
    let count = |id: &str, missing: &[&str], warning_count, hint_count| CredentialCheckCount {
        source: SourceId::new("university").unwrap(),
        credential: CredentialId(id.into()),
        title: format!("Title of {id}"),
        mandatory_present: 9 - missing.len() as u32,
        mandatory_applicable: 9,
        missing: missing.iter().map(|field| (*field).to_owned()).collect(),
        optional_present: 2,
        warning_count,
        hint_count,
    };
    vec![count("mc-01", &[], 0, 0), count("mc-02", &["country", "quality_assurance"], 1, 0), count("mc-03", &[], 1, 1)]
}

/// A few of their rows.
fn check_rows() -> Vec<CredentialCheck> {
    use {CheckKey as Key, CheckKind as Kind, CheckVerdict as Verdict};
    let row =
        |id: &str, field: &str, (kind, verdict, key), value: Option<&str>, detail: Option<&str>| CredentialCheck {
            source: SourceId::new("university").unwrap(),
            credential: CredentialId(id.into()),
            field: field.into(),
            kind,
            verdict,
            key,
            value: value.map(str::to_owned),
            detail: detail.map(str::to_owned),
            message: format!("{field} of {id}"),
        };
    let missing = (Kind::Mandatory, Verdict::Missing, Key::ElementMissing);
    let hours = (Kind::Consistency, Verdict::Warning, Key::HoursPerEcts);
    let cap = (Kind::Cap, Verdict::Warning, Key::EctsCapLegal);
    let stack = (Kind::Consistency, Verdict::Hint, Key::StackUnknown);
    vec![
        row("mc-01", "title", (Kind::Mandatory, Verdict::Present, Key::ElementPresent), Some("Title of mc-01"), None),
        row("mc-02", "country", missing, None, None),
        row("mc-02", "quality_assurance", missing, None, None),
        row("mc-02", "workload_hours", hours, Some("12.5"), Some("25 to 30")),
        row("mc-03", "ects", cap, Some("16"), Some("15")),
        row("mc-03", "stacks_into", stack, Some("=cmd|'/c calc'!A1 <script>x</script>"), None),
    ]
}

fn quality() -> QualityBox {
    let stage = |step: &str, read: u64, duplicate: u64, rejected: u64| StageCount {
        step: step.into(),
        read,
        kept: read - duplicate - rejected,
        duplicate,
        rejected,
    };
    let board = |board: &str, posting_count: u64| SourceCount { board: board.into(), posting_count };
    let language = |language, posting_count, without_skill_count, skills_per_posting| LanguageCount {
        language,
        posting_count,
        without_skill_count,
        skills_per_posting,
    };
    let share = |area: &str, posting_count| AreaShare { area: area.into(), posting_count };
    QualityBox {
        stages: vec![
            stage("acquire postings", 8003, 0, 3),
            stage("clean postings", 8000, 581, 7),
            stage("clean credentials", 12, 0, 0),
        ],
        duplicates: BTreeMap::from([
            ("exact".into(), 210),
            ("near".into(), 180),
            ("repost".into(), 191),
            ("partial".into(), 44),
        ]),
        sources: vec![
            board("feina-cat", 2612),
            board("empleo-es", 1805),
            board("jobs-ps", 1501),
            board("ngo-jobs", 900),
            board("uni-portal", 594),
        ],
        languages: vec![
            language(Lang::En, 2201, 143, 3.9),
            language(Lang::Es, 2480, 201, 3.4),
            language(Lang::Ca, 1502, 160, 3.1),
            language(Lang::Ar, 1229, 190, 2.8),
        ],
        areas: AREAS.iter().map(|(a, n)| share(a, *n)).chain([share("unknown", 549)]).collect(),
        occupation_groups: vec![
            share("2", 2904),
            share("3", 1820),
            share("5", 1102),
            share("4", 690),
            share("unknown", 896),
        ],
        undated_count: 61,
        employer_unknown_count: 402,
        review_mention_count: 2011,
        accepted_mention_count: 24903,
        sector_known_count: 1860,
        pay_filled_count: 2204,
        pay_read_count: 1518,
        pay_unread: BTreeMap::from([("no_amount".into(), 502), ("no_period".into(), 184)]),
    }
}

/// Terms in two languages; one without growth.
fn novel() -> NovelTerms {
    let context = |id: &str, sentence: &str, words: &str| {
        let start = sentence.find(words).unwrap() as u32;
        let end = start + words.len() as u32;
        TermContext { posting: PostingId(id.into()), sentence: sentence.into(), start, end }
    };
    let term = |rank, term: &str, language, contexts: Vec<TermContext>| NovelTerm {
        rank,
        term: term.into(),
        language,
        posting_count: 64,
        base_count: 3_310,
        employer_count: 31,
        share: 64.0 / 3_310.0,
        c_value: 58.5,
        nested_in: 2,
        spread: 0.42,
        first_count: 14,
        first_base: 1_600,
        last_count: 50,
        last_base: 1_710,
        growth: (rank == 1).then_some(1.18),
        growth_low: (rank == 1).then_some(0.55),
        growth_high: (rank == 1).then_some(1.81),
        score: 41.0,
        contexts,
    };
    let data = "You maintain our vector databases and their backups.";
    let solar = "نبحث عمن يجيد تركيب الألواح الشمسية";
    let terms = vec![
        term(1, "vector databases", Lang::En, vec![context("00aa", data, "vector databases")]),
        term(2, "prompt libraries", Lang::En, vec![]),
        term(1, "تركيب الألواح الشمسية", Lang::Ar, vec![context("00bb", solar, "تركيب الألواح الشمسية")]),
    ];
    NovelTerms {
        terms,
        min_postings: 10,
        min_employers: 3,
        explained_count: 412,
        nested_count: 88,
        few_employers_count: 37,
        dropped_below: 12,
    }
}

/// Every file of the report by its name.
pub fn rendered(findings: &Findings) -> Vec<(String, Vec<u8>)> {
    let files = std::sync::Mutex::new(Vec::new());
    let keep = |name: &str, bytes: &[u8]| -> Result<(), super::ReportError> {
        files.lock().unwrap().push((name.to_owned(), bytes.to_vec()));
        Ok(())
    };
    super::render(findings, &keep).unwrap();
    let mut files = files.into_inner().unwrap();
    files.sort();
    files
}

/// About 40 skills, 12 programmes, 4 languages, real names, made-up numbers.
pub fn realistic() -> Findings {
    let mut dice = Dice(20260630);
    let (skills, credentials) = (skills(), credentials());
    let shares: Vec<f64> =
        (0..skills.len()).map(|i| 0.22 * f64::exp(-(i as f64) / 11.0) * (0.6 + 0.8 * dice.unit())).collect();
    let mut findings = Findings {
        meta: meta(),
        outcomes: outcomes(&skills, &credentials, &shares, &mut dice),
        official: official(),
        novel: novel(),
        quality: quality(),
        caveats: vec![
            Caveat::OneBoard { share: 0.62, board: "Adzuna".into() },
            Caveat::Undated { share: 0.051 },
            Caveat::UnevenLanguages { most: 6.25, most_language: Lang::En, least: 2.5, least_language: Lang::Ar },
            Caveat::Unweighted,
        ],
        catalogue_checks: check_counts(),
        credential_checks: check_rows(),
        refused: vec![("old-board".into(), "boards.html is a page, not a table".into())],
        accepted_drifts: vec![crate::types::AcceptedDrift {
            source: "other-board".into(),
            before: 1_000,
            after: 400,
            lost_countries: vec!["PT".into()],
            reason: "The board closed <b>Portugal</b>".into(),
        }],
        editions: editions(&skills),
        ..Findings::default()
    };
    let mut best: BTreeMap<String, (f64, OutcomeId)> = BTreeMap::new();
    let mut each = Vec::new();
    for (id, title, _, ects, texts) in &credentials {
        let own: Vec<&OutcomeFinding> = findings.outcomes.iter().filter(|o| o.credential == *id).collect();
        let base = 300 + dice.below(900) as u64;
        let mut gaps = Vec::new();
        for (skill, share) in skills.iter().zip(&shares) {
            let link = own
                .iter()
                .find_map(|o| o.links.iter().find(|l| l.0 == skill.0 && l.3 == Verdict::Accepted).map(|l| (*o, l)));
            let coverage = link.map_or(0.0, |(_, l)| f64::from(l.2));
            let outcome = link.map(|(o, _)| o.outcome.clone());
            if let Some(outcome) = &outcome {
                let row = |programme: &str| Coverage {
                    programme: programme.into(),
                    skill: skill.0.clone(),
                    coverage,
                    grade: 1.0,
                    outcome: outcome.clone(),
                    linked_skill: skill.0.clone(),
                    score: coverage,
                };
                findings.coverage.push(row(id));
                if best.get(&skill.0).is_none_or(|(c, _)| *c < coverage) {
                    best.insert(skill.0.clone(), (coverage, outcome.clone()));
                }
            }
            let local = (share * (0.4 + 1.4 * dice.unit())).min(0.6);
            gaps.push(gap(id, skill, demand(skill, "all", base, local), coverage, outcome));
        }
        let gaps = ranked(gaps);
        let linked = own.iter().filter(|o| o.verdict == Verdict::Accepted).count() as u64;
        each.push((programme(id, title, *ects, (texts.len() as u64, linked), base, weighted(&gaps), &gaps), gaps));
    }
    let whole: Vec<Gap> = skills
        .iter()
        .zip(&shares)
        .map(|(skill, share)| {
            let (coverage, outcome) = best.get(&skill.0).map_or((0.0, None), |(c, o)| (*c, Some(o.clone())));
            gap("portfolio", skill, demand(skill, "all", POSTINGS, *share), coverage, outcome)
        })
        .collect();
    let whole = ranked(whole);
    let counts = (findings.outcomes.len() as u64, each.iter().map(|(p, _)| p.outcome_linked_count).sum());
    let mut portfolio = programme("portfolio", "Whole portfolio", 52.0, counts, POSTINGS, weighted(&whole), &whole);
    portfolio.target_occupations.clear();
    findings.programmes.push(portfolio);
    findings.trends = trends(&skills, &whole, &mut dice);
    findings.gaps.extend(whole);
    for (programme, gaps) in each {
        findings.programmes.push(programme);
        findings.gaps.extend(gaps);
    }
    for (skill, share) in skills.iter().zip(&shares) {
        findings.demand.push(demand(skill, "all", POSTINGS, *share));
        for (area, base) in AREAS {
            findings.demand.push(demand(skill, area, base, share * (0.5 + dice.unit())));
        }
    }
    findings.evidence = evidence(&skills, &mut dice);
    ways(&mut findings, &skills);
    findings.gap_variants = gap_variants(&findings);
    findings.workshop = workshop(&findings);
    findings.pay = pay(&skills);
    findings.assurance = super::assurance::tests::sample();
    for (skill, share) in skills.iter().zip(&shares).take(20) {
        for (sector, base) in [("J", 1411), ("Q", 449), ("P", 38)] {
            let name = sector_names(Lang::En).remove(sector).unwrap();
            findings.sectors.push(SectorDemand::new(sector, &name, demand(skill, "all", base, *share)));
        }
    }
    findings
}

/// The ten largest gaps of the portfolio, of which the last leaves the list without the largest board.
fn gap_variants(findings: &Findings) -> Vec<GapVariant> {
    let ten = findings.gaps.iter().filter(|g| g.programme == "portfolio" && g.rank.is_some_and(|r| r <= 10));
    let variants = [Variant::LowerThreshold, Variant::HigherThreshold, Variant::WithoutLargestSource];
    let rows = ten.flat_map(|g| {
        variants.map(|variant| {
            let holds = variant != Variant::WithoutLargestSource || g.rank != Some(10);
            GapVariant {
                skill: g.demand.skill.clone(),
                label: g.demand.label.clone(),
                variant,
                published_rank: g.rank.unwrap_or_default(),
                published_unmet_per_100: g.unmet_per_100.unwrap_or_default(),
                rank: if holds { g.rank } else { Some(14) },
                unmet_per_100: g.unmet_per_100,
                holds,
            }
        })
    });
    rows.collect()
}

/// One pathway of a step with what is missing, one withheld, a stack, and a ledger of two rows.
fn ways(findings: &mut Findings, skills: &[(String, String, bool, bool, String)]) {
    let withheld = PathwayStep {
        occupation: "urn:skillgap:occupation:nurse".into(),
        occupation_label: "nurse".into(),
        isco: None,
        targeted: true,
        step: 0,
        picked: 0,
        credential: None,
        title: None,
        ects: None,
        ects_total: None,
        eqf_level: None,
        prerequisites: None,
        stacks_into: None,
        coverage_before: None,
        coverage_after: None,
        coverage_low: None,
        coverage_high: None,
        gain: None,
        gain_low: None,
        gain_high: None,
        essential_count: 4,
        essential_covered: 0,
        base_count: 12,
        employer_count: 0,
        source_count: 0,
        mark: Some(Mark::Suppressed),
    };
    let step = PathwayStep {
        occupation: "urn:skillgap:occupation:data-analyst".into(),
        occupation_label: "data analyst".into(),
        isco: Some("2511".into()),
        step: 1,
        picked: 1,
        credential: Some("mc-data-101".into()),
        title: Some("Data analysis in practice".into()),
        ects: Some(4.0),
        eqf_level: Some(5),
        stacks_into: Some("Diploma in data".into()),
        coverage_before: Some(0.0),
        coverage_after: Some(0.41),
        coverage_low: Some(0.35),
        coverage_high: Some(0.47),
        gain: Some(0.41),
        gain_low: Some(0.35),
        gain_high: Some(0.47),
        base_count: 412,
        employer_count: 120,
        source_count: 4,
        mark: None,
        ..withheld.clone()
    };
    let demand = demand(&skills[4], "all", 412, 0.2);
    findings.pathway_missing = vec![PathwayMissing {
        occupation: step.occupation.clone(),
        occupation_label: step.occupation_label.clone(),
        rank: 1,
        skill: demand.skill.clone(),
        label: demand.label.clone(),
        posting_count: demand.posting_count,
        base_count: demand.base_count,
        employer_count: demand.employer_count,
        source_count: demand.source_count,
        share: 0.2,
        share_low: 0.15,
        share_high: 0.26,
        coverage: 0.0,
        unmet_per_100: 20.0,
        unmet_low: 15.0,
        unmet_high: 26.0,
        essential: true,
        mark: None,
    }];
    findings.stacks = vec![Stack {
        stack: "Diploma in data".into(),
        stack_credential: None,
        stack_ects: None,
        stack_eqf_level: None,
        credentials: vec!["mc-data-101".into(), "mc-data-102".into()],
        ects: Some(8.0),
        eqf_low: Some(5),
        eqf_high: Some(6),
        skill_count: 1,
        skills: vec![(demand.skill.clone(), demand.label.clone())],
        coverage: Some(0.08),
        coverage_low: Some(0.06),
        coverage_high: Some(0.1),
        base_count: POSTINGS,
        employer_count: 900,
        source_count: 5,
        mark: None,
    }];
    let open = LedgerRow {
        programme: "portfolio".into(),
        skill: demand.skill.clone(),
        label: demand.label.clone(),
        recommendation: GapStatus::Add,
        first_recommended: "2025-12-31".into(),
        editions: 1,
        fate: Fate::Open,
        evidence: LedgerEvidence::NotSeenYet,
        remark: None,
        coverage_before: 0.0,
        coverage_now: Some(0.0),
        outcome_before: None,
        outcome_now: None,
        outcome_is_new: false,
        unmet_before: Some(12.0),
        unmet_before_low: Some(10.0),
        unmet_before_high: Some(14.0),
        unmet_now: Some(13.0),
        unmet_now_low: Some(11.0),
        unmet_now_high: Some(15.0),
        posting_count: demand.posting_count,
        base_count: demand.base_count,
        employer_count: demand.employer_count,
        source_count: demand.source_count,
        mark: None,
        reason: None,
        decided_on: None,
        decided_by: None,
    };
    let declined = LedgerRow {
        programme: "closed".into(),
        fate: Fate::Declined,
        remark: Some(LedgerRemark::ProgrammeNoLongerOffered),
        coverage_now: None,
        unmet_now: None,
        unmet_now_low: None,
        unmet_now_high: None,
        reason: Some("no room in the timetable".into()),
        decided_on: Some("2026-02-01".into()),
        decided_by: Some("the board".into()),
        ..open.clone()
    };
    findings.pathways = vec![step, withheld];
    findings.ledger = vec![declined, open];
}

/// Twenty sentences to judge, five of each language.
fn mentions(findings: &Findings) -> impl Iterator<Item = SheetRow> + '_ {
    let of = |language| findings.evidence.iter().filter(move |e| e.language == language).take(5);
    Lang::ALL.into_iter().flat_map(of).map(|e| SheetRow {
        kind: DecisionKind::Mention,
        subject: e.posting.0.clone(),
        target: e.skill.clone(),
        value: e.sentence[e.start as usize..e.end as usize].into(),
        text: e.sentence.clone(),
        language: Some(e.language),
        edition: "demo@2026-06-30".into(),
        shown: e.label.clone(),
    })
}

/// A decision of each kind, votes that differ, a conflict, judged mentions and a sheet of two rows.
fn workshop(findings: &Findings) -> Workshop {
    let gap = &findings.gaps[0];
    let (skill, label) = (gap.demand.skill.clone(), gap.demand.label.clone());
    let outcome = &findings.outcomes[0];
    let decision = |kind: DecisionKind, choice: Choice| WorkshopDecision {
        kind,
        subject: skill.clone(),
        subject_label: label.clone(),
        target: skill.clone(),
        target_label: label.clone(),
        decision: choice,
        state: DecisionState::Applied,
        votes: None,
        ects: None,
        text: "what was said".into(),
        language: Some(Lang::En),
        groups: "companies professors".into(),
        decided_by: Some("chair".into()),
        first_decided_on: "2026-09-15".into(),
        last_decided_on: "2026-09-16".into(),
        reason: Some("seen at work".into()),
        editions: "demo@2026-06-30".into(),
    };
    let priority = |choice, votes| WorkshopDecision {
        state: DecisionState::Beside,
        target: "portfolio".into(),
        target_label: "Whole offer".into(),
        votes: Some(votes),
        text: String::new(),
        language: None,
        ..decision(DecisionKind::Priority, choice)
    };
    let matched = |choice| WorkshopDecision {
        subject: outcome.outcome.0.clone(),
        subject_label: outcome.text.clone(),
        text: outcome.text.clone(),
        ..decision(DecisionKind::Match, choice)
    };
    let conflict = |choice| WorkshopDecision { state: DecisionState::Conflict, ..matched(choice) };
    let (term, note) = (decision(DecisionKind::Term, Choice::Alias), decision(DecisionKind::Note, Choice::Note));
    let draft =
        WorkshopDecision { ects: Some(1.5), subject: String::new(), ..decision(DecisionKind::Outcome, Choice::Draft) };
    let row = |kind, text: &str| SheetRow {
        kind,
        subject: String::new(),
        target: skill.clone(),
        value: String::new(),
        text: text.into(),
        language: Some(Lang::En),
        edition: "demo@2026-06-30".into(),
        shown: label.clone(),
    };
    Workshop {
        decisions: vec![
            matched(Choice::Accept),
            conflict(Choice::Accept),
            conflict(Choice::Reject),
            term,
            priority(Choice::None, 4),
            priority(Choice::Add, 12),
            draft,
            note,
        ],
        judged: vec![JudgedMentions {
            language: Lang::Ar,
            judged: 20,
            right: 18,
            precision: 0.9,
            precision_low: 0.7,
            precision_high: 0.97,
            missed: 1,
        }],
        sheet: [row(DecisionKind::Match, "a statement")]
            .into_iter()
            .chain(mentions(findings))
            .chain([row(DecisionKind::Term, "a term")])
            .collect(),
    }
}

/// Names of the sectors of the fixture, as the measure gives them.
fn sector_names(language: Lang) -> BTreeMap<String, String> {
    let names = match language {
        Lang::Es => ["Información y comunicaciones", "Educación", "Actividades sanitarias y de servicios sociales"],
        Lang::Ca => ["Informació i comunicacions", "Educació", "Activitats sanitàries i de serveis socials"],
        Lang::Ar => ["المعلومات والاتصالات", "التعليم", "أنشطة الصحة البشرية والعمل الاجتماعي"],
        _ => ["Information and communication", "Education", "Human health and social work activities"],
    };
    ["J", "P", "Q"].into_iter().zip(names).map(|(letter, name)| (letter.to_owned(), name.to_owned())).collect()
}

/// Pay of all postings, of a skill, and of a group that is withheld.
fn pay(skills: &[(String, String, bool, bool, String)]) -> Vec<PostedPay> {
    let whole = PostedPay {
        area: "all".into(),
        occupation_group: "all".into(),
        skill: "all".into(),
        label: String::new(),
        currency: "EUR".into(),
        pay_period: PayPeriod::Year,
        posting_count: 830,
        base_count: POSTINGS,
        employer_count: 211,
        source_count: 4,
        share: Some(830.0 / POSTINGS as f64),
        share_low: Some(0.101),
        share_high: Some(0.124),
        effective_n: 402.5,
        median: Some(27_500.0),
        median_low: Some(26_000.0),
        median_high: Some(28_250.0),
        quartile_1: Some(22_000.0),
        quartile_3: Some(35_000.0),
        mark: None,
    };
    let hourly = PostedPay { currency: "ILS".into(), pay_period: PayPeriod::Hour, ..whole.clone() };
    let (skill, label) = (skills[0].0.clone(), skills[0].1.clone());
    let of_skill = PostedPay { skill, label, posting_count: 120, base_count: 1_200, ..whole.clone() };
    let held = PostedPay {
        area: "PSE-JEN".into(),
        occupation_group: "unknown".into(),
        posting_count: 0,
        base_count: 41,
        employer_count: 0,
        source_count: 0,
        share: None,
        share_low: None,
        share_high: None,
        effective_n: 0.0,
        median: None,
        median_low: None,
        median_high: None,
        quartile_1: None,
        quartile_3: None,
        mark: Some(Mark::Suppressed),
        ..whole.clone()
    };
    vec![whole, hourly, of_skill, held]
}

fn outcomes(
    skills: &[(String, String, bool, bool, String)],
    credentials: &[(String, String, Lang, f64, Vec<String>)],
    shares: &[f64],
    dice: &mut Dice,
) -> Vec<OutcomeFinding> {
    let mut rows = Vec::new();
    for (id, _, language, _, texts) in credentials {
        for (k, text) in texts.iter().enumerate() {
            let mut links = Vec::new();
            for rank in 0..(2 * usize::from(k % 5 != 4)) {
                let at = [1, 2, 5][dice.below(3)] + 3 * dice.below(skills.len() / 3 - 1);
                let score = (0.99 - 0.6 * dice.unit() - 0.2 * rank as f64) as f32;
                let verdict = if score > 0.45 { Verdict::Accepted } else { Verdict::Review };
                links.push((skills[at].0.clone(), skills[at].1.clone(), score, verdict, Some(shares[at])));
            }
            rows.push(OutcomeFinding {
                outcome: OutcomeId(format!("{:016x}", dice.below(usize::MAX >> 12))),
                credential: id.clone(),
                text: text.clone(),
                language: *language,
                verdict: links.first().map_or(Verdict::Unmatched, |l| l.3),
                links,
            });
        }
    }
    rows
}

/// The four languages; skill names from the starter taxonomy, `SQL` and the like in English.
fn editions(skills: &[(String, String, bool, bool, String)]) -> Vec<Edition> {
    let mut slugs = BTreeMap::new();
    for record in csv::Reader::from_reader(SKILLS.as_bytes()).records().map(Result::unwrap) {
        slugs.insert(record[1].to_owned(), (record[0].to_owned(), record[4].to_owned()));
    }
    let mut labels: BTreeMap<(String, String), String> = BTreeMap::new();
    for record in csv::Reader::from_reader(LABELS.as_bytes()).records().map(Result::unwrap) {
        if &record[2] == "preferred" {
            labels.insert((record[0].to_owned(), record[1].to_owned()), record[3].to_owned());
        }
    }
    let titles = [
        (Lang::En, "Skills asked for in Catalonia and Palestine beside twelve micro-credentials"),
        (Lang::Es, "Competencias pedidas en Cataluña y Palestina junto a doce microcredenciales"),
        (Lang::Ca, "Competències demanades a Catalunya i Palestina al costat de dotze microcredencials"),
        (Lang::Ar, "المهارات المطلوبة في كتالونيا وفلسطين إلى جانب اثنتي عشرة شهادة مصغّرة"),
    ];
    let edition = |(language, title): (Lang, &str)| {
        let name = |slug: &str| {
            let own = labels.get(&(slug.to_owned(), language.code().to_owned()));
            let english = || labels.get(&(slug.to_owned(), "en".to_owned()));
            own.or_else(english)
                .map(|text| EditionName { text: text.clone(), language: own.is_none().then_some(Lang::En) })
        };
        let slug = |id: &str| slugs.get(id).cloned().unwrap_or_default();
        let group = |id: &str| name(&slug(id).1).or_else(|| name(&slug(id).0));
        let word = |text: &str| EditionName { text: text.into(), language: None };
        let occupations = match language {
            Lang::Es => ["analista de datos", "estadístico/estadística"],
            Lang::Ca => ["analista de dades", "estadístic/estadística"],
            Lang::Ar => ["محلل بيانات", "إحصائي"],
            _ => ["data analyst", "statistician"],
        };
        Edition {
            language,
            title: word(title),
            skills: skills.iter().filter_map(|s| Some((s.0.clone(), name(&slug(&s.0).0)?))).collect(),
            groups: skills.iter().filter_map(|s| Some((s.0.clone(), group(&s.0)?))).collect(),
            occupations: [
                ("data analyst".to_owned(), word(occupations[0])),
                ("statistician".to_owned(), word(occupations[1])),
            ]
            .into(),
            sectors: sector_names(language),
            definitions: BTreeMap::new(),
        }
    };
    titles.into_iter().map(edition).collect()
}

fn meta() -> FindingsMeta {
    FindingsMeta {
        plan: "demo".into(),
        title: "Skills asked for in Catalonia and Palestine beside twelve micro-credentials".into(),
        language: Lang::En,
        as_of: "2026-06-30".into(),
        period_first: Some("2024-Q3".into()),
        period_last: Some("2026-Q2".into()),
        posting_count: POSTINGS,
        employer_count: 1203,
        source_count: 5,
        taxonomy_version: "skillgap starter 0.1".into(),
        version: "0.1.0".into(),
        synthetic: true,
        snapshots: vec![("postings".into(), "0f".repeat(32)), ("credentials".into(), "a7".repeat(32))],
        attributions: vec!["Demo postings: synthetic, CC BY 4.0".into(), "ILOSTAT, CC BY 4.0".into()],
        min_postings: 30,
        min_employers: 5,
        top_k: 10,
        review_below_per_100: 2.5,
        priority_sectors: vec![],
    }
}

/// The same findings with hostile text wherever text comes from outside.
pub fn hostile() -> Findings {
    let mut f = realistic();
    f.editions.clear();
    let mut count = 0;
    let mut next = || {
        count += 1;
        let text = HOSTILE[count % HOSTILE.len()];
        if count % 7 == 0 { format!("{text} {}", "x".repeat(300)) } else { text.to_owned() }
    };
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for gap in &mut f.gaps {
        gap.demand.label = labels.entry(gap.demand.skill.clone()).or_insert_with(&mut next).clone();
        gap.group = next();
    }
    for demand in &mut f.demand {
        demand.label = labels[&demand.skill].clone();
    }
    for row in &mut f.sectors {
        row.label = labels[&row.skill].clone();
        row.sector_label = next();
    }
    f.pay.iter_mut().filter(|p| p.skill != "all").for_each(|p| p.label = labels[&p.skill].clone());
    for trend in &mut f.trends {
        trend.label = labels[&trend.skill].clone();
        trend.first = next();
    }
    for outcome in &mut f.outcomes {
        outcome.text = next();
        outcome.links.iter_mut().for_each(|l| l.1 = labels[&l.0].clone());
    }
    for programme in &mut f.programmes {
        programme.title = next();
        programme.target_occupations = vec![next(), next()];
    }
    for row in &mut f.evidence {
        let words = next();
        (row.title, row.board, row.label) = (next(), next(), next());
        row.sentence = format!("a {words} z");
        (row.start, row.end) = (2, 2 + words.len() as u32);
        row.url = Some(
            ["javascript:alert(1)", "https://ok.example/\"><script>", " data:text/html,x"][row.label.len() % 3].into(),
        );
        row.posted_on = Some(next());
    }
    for observation in &mut f.official {
        (observation.indicator, observation.unit, observation.note) = (next(), next(), Some(next()));
    }
    for (i, board) in f.quality.sources.iter_mut().enumerate() {
        board.board = HOSTILE[i % HOSTILE.len()].into();
    }
    f.quality.stages.iter_mut().for_each(|s| s.step = next());
    for term in &mut f.novel.terms {
        term.term = next();
        for context in &mut term.contexts {
            (context.sentence, context.posting) = (next(), PostingId(next()));
        }
    }
    for step in &mut f.pathways {
        (step.occupation_label, step.title, step.prerequisites) = (next(), Some(next()), Some(next()));
        step.stacks_into = Some(next());
    }
    f.pathway_missing.iter_mut().for_each(|m| m.label = labels[&m.skill].clone());
    f.stacks.iter_mut().for_each(|s| (s.stack, s.credentials) = (next(), vec![next(), next()]));
    for row in &mut f.ledger {
        (row.label, row.reason, row.decided_by) = (labels[&row.skill].clone(), Some(next()), Some(next()));
    }
    for row in &mut f.workshop.decisions {
        (row.subject_label, row.target_label) = (next(), next());
        (row.text, row.reason, row.decided_by) = (next(), Some(next()), Some(next()));
        row.groups = next();
    }
    f.workshop.sheet.iter_mut().for_each(|row| (row.text, row.shown, row.value) = (next(), next(), next()));
    f.caveats = HOSTILE.iter().map(|t| Caveat::OneBoard { share: 0.9, board: (*t).to_owned() }).collect();
    f.meta.title = "</title><script>alert(1)</script>\u{202e}".into();
    f.meta.taxonomy_version = "</style><script>x</script>".into();
    f.meta.version = "0.1\";}</style><script>".into();
    f.meta.period_first = Some("<b>".into());
    f.meta.attributions = HOSTILE.iter().map(|t| (*t).to_owned()).collect();
    for row in &mut f.assurance {
        (row.title, row.detail, row.period) = (next(), Some(next()), Some(next()));
        (row.unit, row.source, row.link) = (Some(next()), Some(next()), Some("javascript:alert(1)".into()));
    }
    f.evidence[0].sentence = "bad offsets é".into();
    (f.evidence[0].start, f.evidence[0].end) = (13, 99);
    f.evidence[1].title = "nul \0 and \u{1b}[31m".into();
    f
}
