//! What damage does to every parser, and encodings and tables cut to their bones.

use super::*;
use crate::types::RawObservation;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// SplitMix64 (Steele, Lea and Flood 2014): the same damage on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
}

/// Pieces that parsers have stumbled over.
const PIECES: [&[u8]; 26] = [
    b"\0",
    b"\r",
    b"\n",
    b"\"",
    b"'",
    b"<",
    b"</",
    b"<![CDATA[",
    b"]]>",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b";",
    b"=",
    b"\\",
    b"\\ud83d",
    b"\xFF",
    b"\xC3",
    b"-1",
    b"99999999999999999999",
    b"1e999",
    b"&#x110000;",
    "\u{202e}".as_bytes(),
    "٣".as_bytes(),
];

/// One to four changes: a bit, a piece more, a run less, a run twice, the rest gone.
fn damaged(whole: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len());
        let end = (at + 1 + dice.roll(40)).min(bytes.len());
        match dice.roll(6) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            2 => drop(bytes.splice(at..at, PIECES[dice.roll(PIECES.len())].iter().copied())),
            3 if at < end => drop(bytes.drain(at..end)),
            4 if at < end => {
                let run = bytes[at..end].to_vec();
                bytes.splice(at..at, run);
            }
            _ if dice.roll(4) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}

/// Reads a file as each of the kinds of source; how many believed it.
fn read_as_everything(path: &Path, name: &str) -> usize {
    let small = Limits { decoded_bytes: 16 << 20, document_bytes: 8 << 20, ..Limits::default() };
    let input = Input { file: name.to_owned(), ..input(small.clone()) };
    let columns = Columns::new();
    let postings = read_postings(path, &input, &columns, &mut |_| {}).is_ok();
    let ask = CredentialAsk { columns: &columns, language: None };
    let credentials = read_credentials(path, &input, ask, &mut |_| {}).is_ok();
    let ask = StatisticsAsk { indicator: Some("Employed"), ..StatisticsAsk::unaided(&columns) };
    let figures = read_statistics(path, &input, ask, &mut |_: Record<RawObservation>| {}).is_ok();
    drop(esco::read(&[path], &small));
    usize::from(postings) + usize::from(credentials) + usize::from(figures)
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in
        [["title", "body", "date"], ["Nurse", "cares", "2026-01-02"], ["Cook", "cooks", "x"]].iter().enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *cell).unwrap();
        }
    }
    sheet.write(3, 0, 45_000.5).unwrap();
    book.save_to_buffer().unwrap()
}

/// Small documents that are read: one at least of each format.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let texts: [(&str, &str); 16] = [
        (
            "p.csv",
            "id,title,body,place,date\n1,Nurse,\"care, and\n\"\"more\"\"\",Vic,2026-01-02\n2,Cook,soups,,\n3,Driver,bus,,\n",
        ),
        (
            "p.json",
            r#"{"total": 2, "items": [{"id": 1, "title": "A", "text": "x\"}"}, {"title": "B", "text": "[y", "tags": ["a", {"b": 1}]}]}"#,
        ),
        ("p.jsonl", "{\"title\":\"A\",\"text\":\"x\"}\n{\"title\":\"B\",\"text\":\"y\\u00e9\"}\n"),
        (
            "p.html",
            "<!DOCTYPE html><html lang=es><head><meta charset=utf-8><title>Cook</title><script type=\"application/ld+json\">//<![CDATA[\n{\"@graph\": [{\"@type\": [\"JobPosting\"], \"title\": \"Cook\", \"description\": \"<p>two\nlines</p>\",}]}\n//]]></script></head><body><main><h1>Cook</h1><table><tr><td>a<td>b</table></main></body></html>",
        ),
        (
            "c.csv",
            "credential_id,title,ects,language,outcomes\nM1,Data,6,en,Plan work|Test it\nM2,Xarxes,\"1,5\",ca,Configura\n",
        ),
        (
            "c.jsonld",
            r#"{"@context": ["http://data.europa.eu/snb/model/context/edc-ap"], "type": ["VerifiableCredential"], "credentialSubject": {"hasClaim": {"type": "LearningAchievement", "title": {"en": "T"}, "specifiedBy": {"type": "Qualification", "title": {"en": "T", "es": "U"}, "volumeOfLearning": "PT60H", "learningOutcome": [{"title": {"en": "Write pages"}}]}}}}"#,
        ),
        (
            "c.json",
            r#"{"items": [{"courseId": "1", "name": [{"language": "en-GB", "value": "Irrigation"}], "studyLoad": {"studyLoadUnit": "ects", "value": 3}, "learningOutcomes": [[{"language": "en-GB", "value": "Plan a network"}]]}]}"#,
        ),
        (
            "c.xml",
            "<?xml version=\"1.0\"?><Courses xmlns=\"http://data.europa.eu/snb/model/ap/loq-constraints/\"><learningAchievementSpecificationReferences><qualification id=\"http://S1\"><title language=\"en\">Irrigation &amp; more</title><volumeOfLearning>PT50H</volumeOfLearning><learningOutcome idref=\"http://L1\"/></qualification></learningAchievementSpecificationReferences><learningOutcomeReferences><learningOutcome id=\"http://L1\"><title language=\"en\">Plan</title></learningOutcome></learningOutcomeReferences></Courses>",
        ),
        (
            "e.xml",
            "<vp:verifiablePresentation xmlns=\"http://data.europa.eu/snb\" xmlns:vp=\"v\" xmlns:cred=\"c\"><europassCredential cred:id=\"u:1\"><credentialSubject><achievements><learningAchievement id=\"a:1\"><title><text lang=\"en\">Diploma</text></title></learningAchievement></achievements></credentialSubject></europassCredential></vp:verifiablePresentation>",
        ),
        (
            "g.md",
            "---\ntitle: Bases de dades\nlang: ca\n---\n\n# Objectius. Resultats d'aprenentatge\n\n| RA1 | Dissenya bases. |\n| RA2 | Consulta |amb SQL. |\n\n6 ECTS\n\n# Continguts\n\n* Taules\n",
        ),
        (
            "s.tsv",
            "freq,isco08,worktime,sex,geo\\TIME_PERIOD\t2024 \t2025 \nA,OC25,FT,T,ES\t345.2 \t: \nA,OC35,TOTAL,F,EL\t210.7 b\t1e3 p\n",
        ),
        (
            "s.px",
            "CHARSET=\"ANSI\";\nTITLE=\"Employed\";\nCONTENTS=\"Employed\";\nUNITS=\"persons\";\nSTUB=\"Region\";\nHEADING=\"Year\";\nVALUES(\"Region\")=\"Cata\"\n\"lonia\",\"Spain\";\nCODES(\"Region\")=\"ES51\",\"ES\";\nVALUES(\"Year\")=\"2024\",\"2025\";\nTIMEVAL(\"Year\")=TLIST(A1),\"2024\",\"2025\";\nDATA=1 2.5 \"..\" -7;\n",
        ),
        (
            "s.json",
            r#"{"version": "2.0", "class": "dataset", "label": "Employed", "id": ["geo", "time"], "size": [2, 2], "role": {"geo": ["geo"], "time": ["time"]}, "dimension": {"geo": {"category": {"index": {"ES": 0, "EL": 1}, "label": {"ES": "Spain"}}}, "time": {"category": {"index": ["2024", "2025"]}}}, "value": [1, null, 4.5, 7], "status": {"1": "c"}}"#,
        ),
        (
            "i.json",
            "[{\"COD\":\"X1\",\"Nombre\":\"Cataluña. Mujeres. Parados. \",\"T3_Unidad\":\"Personas\",\"T3_Escala\":\"Miles\",\"Data\":[{\"Fecha\":\"2025-05-01T00:00:00.000+02:00\",\"T3_TipoDato\":\"Avance\",\"T3_Periodo\":\"M05\",\"Anyo\":2025,\"Valor\":118.077}]}]",
        ),
        (
            "s.xml",
            "<?xml version=\"1.0\"?><m:GenericData xmlns:m=\"http://www.sdmx.org/m\" xmlns:g=\"http://www.sdmx.org/g\"><m:Header><m:Structure structureID=\"S\" dimensionAtObservation=\"TIME_PERIOD\"><Ref id=\"LFSA\"/></m:Structure></m:Header><m:DataSet><g:Series><g:SeriesKey><g:Value id=\"geo\" value=\"ES\"/></g:SeriesKey><g:Obs><g:ObsDimension value=\"2024\"/><g:ObsValue value=\"1.5\"/></g:Obs></g:Series></m:DataSet></m:GenericData>",
        ),
        (
            "page.html",
            "<html><head><title>PCBS</title></head><body><h3>معدل البطالة حسب المحافظة والجنس، الربع الثالث 2024</h3><table><tr><th rowspan=2>المحافظة<th colspan=2>الضفة الغربية</tr><tr><th>ذكور<th>إناث</tr><tr><td>محافظة نابلس<td>21.5<td>38.0<tr><td>الخليل<td>-<td>33.1</table></body></html>",
        ),
    ];
    let mut all: Vec<(&str, Vec<u8>)> = texts.map(|(name, text)| (name, text.as_bytes().to_vec())).into();
    let (arabic, _, _) = encoding_rs::WINDOWS_1256.encode("title,body\nمهندس,خبرة في تطوير التطبيقات\n");
    all.push(("a.csv", arabic.into_owned()));
    all.push(("p.csv.gz", gzip(all[0].1.as_slice())));
    all.push(("p.parquet", parquet_bytes()));
    all.push(("p.xlsx", workbook()));
    all.push((
        "p.zip",
        zip(&[("a.csv", "title,body\nNurse,cares\n"), ("b.jsonl", "{\"title\":\"A\",\"text\":\"x\"}\n")]),
    ));
    all.push(("skills.zip", zip(&[("skills_en.csv", SKILLS_EN), ("occupationSkillRelations.csv", RELATIONS)])));
    all
}

#[test]
fn no_damage_to_any_format_makes_a_reader_panic() {
    let folder = TempDir::new().unwrap();
    let mut panics = Vec::new();
    for (name, whole) in documents() {
        let path = write(&folder, name, &whole);
        assert!(
            ["skills.zip", "p.parquet"].contains(&name) || read_as_everything(&path, name) > 0,
            "{name} is read before it is damaged"
        );
        for seed in 0..150 {
            let path = write(&folder, name, &damaged(&whole, &mut Dice(seed)));
            if catch_unwind(AssertUnwindSafe(|| read_as_everything(&path, name))).is_err() {
                panics.push(format!("{name} with seed {seed}"));
            }
        }
    }
    assert!(panics.is_empty(), "{panics:?}");
}

#[test]
fn no_damage_inside_the_parts_of_a_workbook_makes_a_reader_panic() {
    let whole = workbook();
    let mut archive = zip::ZipArchive::new(Cursor::new(whole.as_slice())).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        parts.push((entry.name().unwrap().into_owned(), bytes));
    }
    let folder = TempDir::new().unwrap();
    let mut panics = Vec::new();
    for victim in 0..parts.len() {
        for seed in 0..60 {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for (at, (name, bytes)) in parts.iter().enumerate() {
                writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
                let bytes = if at == victim { damaged(bytes, &mut Dice(seed)) } else { bytes.clone() };
                writer.write_all(&bytes).unwrap();
            }
            let path = write(&folder, "p.xlsx", &writer.finish().unwrap().into_inner());
            if catch_unwind(AssertUnwindSafe(|| read_as_everything(&path, "p.xlsx"))).is_err() {
                panics.push(format!("{} with seed {seed}", parts[victim].0));
            }
        }
    }
    assert!(panics.is_empty(), "{panics:?}");
}

#[test]
fn parquet_cut_at_any_byte_is_refused_in_words() {
    let whole = parquet_bytes();
    for end in 4..whole.len() {
        let said = refusal(read_parquet(&whole[..end]));
        assert!(said.contains("postings"), "cut at {end}: {said}");
    }
}

#[test]
fn utf_16_is_read_in_both_byte_orders_with_a_mark_and_without() {
    let text = "title,body\ncamión,descarga señales\nmestre,ensenya català\n";
    let units = || text.encode_utf16();
    let little = || units().flat_map(u16::to_le_bytes);
    let big = || units().flat_map(u16::to_be_bytes);
    let files: [(&str, Vec<u8>); 4] = [
        ("UTF-16LE", [0xFF, 0xFE].into_iter().chain(little()).collect()),
        ("UTF-16BE", [0xFE, 0xFF].into_iter().chain(big()).collect()),
        ("UTF-16LE", little().collect()),
        ("UTF-16BE", big().collect()),
    ];
    for (encoding, bytes) in files {
        assert_eq!(read_text(&bytes, &Limits::default()).unwrap(), (text.to_owned(), encoding));
    }
}

#[test]
fn utf_16_cut_within_a_character_is_never_silent() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend("title,body\nNurse,cares\nCook,soups".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.pop();
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "p.csv", &bytes);
    let found = gather(|i, sink| read_postings(&path, i, &Columns::new(), sink).map(drop));
    let (kept, rejects) = found.unwrap();
    assert_eq!((kept.len(), rejects.len()), (1, 1), "{kept:?} {rejects:?}");
}

#[test]
fn lines_that_end_in_cr_alone_are_lines() {
    let (kept, rejects) = csv("title,body\rNurse,cares\rCook,\"so\rups\"\r").unwrap();
    let found: Vec<_> = kept.iter().map(|p| (p.title.as_str(), p.body.as_str())).collect();
    assert_eq!((found, rejects.len()), (vec![("Nurse", "cares"), ("Cook", "so\rups")], 0));
}

#[test]
fn a_wrong_delimiter_in_some_rows_and_a_field_of_a_million_characters_are_rejects() {
    let long = "x".repeat(1_000_000);
    let (kept, rejects) = csv(&format!("title,body\nNurse,{long}\nCook;soups\nDriver,bus\n")).unwrap();
    assert_eq!(kept.iter().map(|p| p.body.len()).collect::<Vec<_>>(), [1_000_000, 3]);
    assert!(rejects[0].starts_with("2: RaggedRow: line 3"), "{rejects:?}");
}
