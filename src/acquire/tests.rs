//! Hostile and ordinary files, written small.

use super::connectors::credentials::credentials_table;
use super::connectors::postings::{jobposting, postings_json, postings_parquet, postings_table};
use super::connectors::statistics::{ilostat, worldbank};
use super::connectors::taxonomies::{esco, starter};
use super::csv_file::CsvFile;
use super::*;
use crate::types::{LabelKind, Lang, RawPosting, RelationKind, Skill};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

mod containers;
mod hostile;

fn input(limits: Limits) -> Input {
    let source = SourceId::new("board").unwrap();
    Input { source, snapshot: SnapshotId("0".repeat(64)), file: "postings".to_owned(), limits, before: 0 }
}

fn columns(toml: &str) -> Columns {
    toml::from_str(toml).unwrap()
}

/// Kept postings and rejects as `record: reason: detail`.
type Outcome = Result<(Vec<RawPosting>, Vec<String>), AcquireError>;

fn gather(read: impl FnOnce(&Input, Sink<'_, RawPosting>) -> Result<(), AcquireError>) -> Outcome {
    let (mut kept, mut rejects) = (Vec::new(), Vec::new());
    read(&input(Limits::default()), &mut |record| match record {
        Record::Kept(posting) => kept.push(posting),
        Record::Rejected(r) => rejects.push(format!("{}: {:?}: {}", r.origin.record, r.reason, r.detail)),
    })?;
    Ok((kept, rejects))
}

/// Lets a reader work for a source of one file.
fn at_desk(
    columns: &Columns,
    sink: Sink<'_, RawPosting>,
    read: impl FnOnce(&mut desk::Desk<'_>) -> Result<(), AcquireError>,
) -> Result<(), AcquireError> {
    let (mut seen, mut notes) = (desk::Seen::default(), Notes::default());
    let mut take = |found: desk::Found<'_>| {
        sink(match found {
            desk::Found::Rejected(reject) => Record::Rejected(reject),
            desk::Found::Record(input, number, get) => connectors::postings::assemble(input, number, get),
        });
    };
    read(&mut desk::Desk {
        columns,
        required: &["title", "body"],
        several: false,
        seen: &mut seen,
        notes: &mut notes,
        take: &mut take,
    })
}

fn csv(text: &str) -> Outcome {
    csv_with(text, "")
}

fn csv_with(text: &str, rules: &str) -> Outcome {
    gather(|input, sink| {
        let mut body = Cursor::new(text.as_bytes());
        let mut rows = CsvFile::open(&input.file, &mut body, &input.limits)?;
        at_desk(&columns(rules), sink, |desk| postings_table::read(input, &mut rows, desk))
    })
}

fn json(text: &str) -> Outcome {
    gather(|input, sink| {
        at_desk(&columns(""), sink, |desk| postings_json::read(input, &mut Cursor::new(text.as_bytes()), desk))
    })
}

fn job(text: &str) -> Outcome {
    gather(|input, sink| {
        at_desk(&columns(""), sink, |desk| jobposting::read(input, &mut Cursor::new(text.as_bytes()), desk))
    })
}

fn refusal<T>(outcome: Result<T, AcquireError>) -> String {
    outcome.err().expect("refused").to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Reads a file through `open`: its text and encoding, or the refusal.
fn read_text(bytes: &[u8], limits: &Limits) -> Result<(String, &'static str), AcquireError> {
    let folder = TempDir::new().unwrap();
    let mut opened = open(&write(&folder, "file", bytes), limits)?;
    let mut text = String::new();
    opened.read_to_string(&mut text).map_err(|e| AcquireError::io("file", e))?;
    Ok((text, opened.encoding()))
}

// ---- opening ----

#[test]
fn a_byte_order_mark_is_stripped_and_decides_the_encoding() {
    let limits = Limits::default();
    assert_eq!(read_text(b"\xEF\xBB\xBFa,b", &limits).unwrap(), ("a,b".to_owned(), "UTF-8"));
    assert_eq!(read_text(b"\xFF\xFEa\0,\0\xF1\0", &limits).unwrap(), ("a,ñ".to_owned(), "UTF-16LE"));
}

#[test]
fn text_that_is_not_utf8_is_read_as_windows_1252_even_far_into_the_file() {
    let mut bytes = vec![b'a'; 200_000];
    bytes.extend(b"T\xEDtulo \x80");
    let (text, encoding) = read_text(&bytes, &Limits::default()).unwrap();
    assert_eq!((&text[200_000..], encoding), ("Título €", "windows-1252"));
}

#[test]
fn arabic_in_its_old_code_page_is_not_taken_for_latin() {
    let arabic = "المسمى الوظيفي,الوصف\nمهندس برمجيات,خبرة في تطوير التطبيقات وإدارة قواعد البيانات\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(arabic);
    assert_eq!(read_text(&bytes, &Limits::default()).unwrap(), (arabic.to_owned(), "windows-1256"));
}

#[test]
fn characters_cut_by_the_read_buffer_stay_whole() {
    let expected: String = std::iter::once('a').chain(std::iter::repeat_n('ñ', 150_000)).collect();
    assert_eq!(read_text(expected.as_bytes(), &Limits::default()).unwrap().0, expected);
    assert_eq!(read_text(&gzip(expected.as_bytes()), &Limits::default()).unwrap().0, expected);
}

#[test]
fn a_damaged_byte_in_utf8_costs_its_record_only() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "p.csv", b"title,body\ncami\xC3\xB3n,x\nb\xFFd,y\nfine,z\n");
    let (kept, rejects) = gather(|i, sink| read_postings(&path, i, &Columns::new(), sink).map(drop)).unwrap();
    assert_eq!(kept.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["camión", "fine"]);
    assert!(rejects[0].starts_with("2: BadEncoding"), "{rejects:?}");
}

#[test]
fn binary_html_nul_and_empty_files_are_refused_in_words() {
    let limits = Limits::default();
    for (bytes, words) in [
        (b"PK\x03\x04rest".as_slice(), "Excel"),
        (b"  <!DOCTYPE html><html>", "HTML"),
        (b"title,body\na,b\0c\n", "NUL"),
        (b"", "is empty"),
    ] {
        let message = refusal(read_text(bytes, &limits));
        assert!(message.contains(words) && message.starts_with("file: "), "{message}");
    }
}

#[test]
fn a_gzip_bomb_is_stopped_by_ratio_and_by_size() {
    let bomb = gzip(&vec![b'a'; 40 << 20]);
    assert!(refusal(read_text(&bomb, &Limits::default())).contains("limits.ratio"));
    let small = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    assert!(refusal(read_text(&bomb, &small)).contains("limits.decoded_bytes"));
}

#[test]
fn a_gzip_cut_short_is_refused() {
    let whole = gzip(&(0..20_000u32).flat_map(|n| format!("{n},").into_bytes()).collect::<Vec<_>>());
    assert!(refusal(read_text(&whole[..whole.len() / 2], &Limits::default())).contains("cut short"));
}

// ---- CSV ----

#[test]
fn delimiters_are_recognised_and_quoted_newlines_kept() {
    for d in [",", ";", "\t", "|"] {
        let text = format!("title{d}body{d}company\nNurse{d}\"care,\n for; many | people\"{d}NHS\n");
        let (kept, rejects) = csv(&text).unwrap();
        assert_eq!((kept[0].body.as_str(), kept[0].employer.as_deref()), ("care,\n for; many | people", Some("NHS")));
        assert!(rejects.is_empty());
    }
}

#[test]
fn columns_are_mapped_joined_and_fixed_by_the_plan() {
    let rules = "title = 'titulo'\nbody = 'texto'\nplace = ['region', 'pais']\nlanguage = { const = 'es' }";
    let (kept, _) = csv_with("titulo,texto,region,pais\nA,B,,España\nA,B,Burgos,España\n", rules).unwrap();
    assert_eq!(kept[0].place.as_deref(), Some("España"));
    assert_eq!(kept[1].place.as_deref(), Some("Burgos, España"));
    assert_eq!(
        (kept[0].language.as_deref(), kept[0].board.as_str(), kept[0].source_key.as_str()),
        (Some("es"), "board", "1")
    );
}

#[test]
fn a_column_or_field_that_does_not_exist_is_refused_with_the_nearest_name() {
    let message = refusal(csv_with("titulo,body\na,b\n", "title = 'titulos'"));
    assert!(message.contains("did you mean 'titulo'?"), "{message}");
    assert!(refusal(csv_with("title,body\na,b\n", "titel = 'title'")).contains("did you mean 'title'?"));
    assert!(refusal(csv("title,wage\na,b\n")).contains("no column 'body'"));
}

#[test]
fn a_duplicate_header_is_refused_and_a_narrow_row_rejected() {
    assert!(refusal(csv("title,body,title\na,b,c\n")).contains("'title' is named twice"));
    let (kept, rejects) = csv("title,body,url\na,b,c\nragged,row\nd,e,f\ng,h,i\n").unwrap();
    assert_eq!(kept.len(), 3);
    assert_eq!(rejects, ["2: RaggedRow: line 3 has 2 fields, the header 3"]);
}

#[test]
fn seven_names_over_six_fields_are_refused() {
    let message = refusal(csv("title,body,a,b,c,d,e\n1,2,3,4,5,6\n1,2,3,4,5,6\n1,2,3,4,5,6\n"));
    assert!(message.contains("names 7 columns but most rows have 6"), "{message}");
}

#[test]
fn an_unclosed_quote_is_refused_with_its_line_in_small_and_large_files() {
    let rows = |n: usize| "Nurse,cares for people\n".repeat(n);
    for after in [1, 100, 4_000, 300_000] {
        let message = refusal(csv(&format!("title,body\n{}Cook,\"cooks\n{}", rows(5_000), rows(after))));
        assert!(message.contains("line 5002"), "{message}");
    }
    assert!(refusal(csv("title,body,url\nCook,\"cooks,u\nNurse,cares,u\n")).contains("line 2: a quote opens here"));
}

#[test]
fn a_quote_left_open_before_quoted_rows_costs_the_rows_it_joins_and_is_never_kept() {
    let text = "title,body\nA,\"fine \"\"x\"\" \" \nCook,\"cooks\nNurse,\"cares\"\nB,5\" pipe\nC,\"z\"\n";
    let (kept, rejects) = csv(text).unwrap();
    let found: Vec<_> = kept.iter().map(|p| (p.title.as_str(), p.body.trim_end())).collect();
    assert_eq!(found, [("A", "fine \"x\""), ("B", "5\" pipe"), ("C", "z")]);
    assert_eq!(rejects, ["2: Malformed: line 3: a quote closes inside a field; perhaps one before it was left open"]);
}

#[test]
fn a_row_without_title_or_body_and_a_field_over_the_limit_are_rejected() {
    let long = "x".repeat((1 << 20) + 1);
    let (kept, rejects) = csv(&format!("title,body\n,b\na, \nA,{long}\nA,B\n")).unwrap();
    assert_eq!((kept.len(), kept[0].origin.record), (1, 4));
    assert_eq!(rejects[..2], ["1: MissingField: `title` is empty", "2: MissingField: `body` is empty"]);
    assert!(rejects[2].contains("limits.field_bytes"));
}

// ---- JSON ----

#[test]
fn json_lines_arrays_and_wrapped_arrays_give_the_same_postings() {
    let (a, b) = (r#"{"title":"A]","text":"x\"}"}"#, r#"{"title":"B","text":"[y","id":7}"#);
    let spread = |s: &str| s.replace(',', ",\n ");
    for text in [
        format!("{a}\n{b}\n"),
        format!("[{a}, {b}]"),
        format!("{{\"total\": 2, \"items\": [\n{a},\n{b}]}}"),
        spread(&format!("{{\"0\": {a}, \"1\": {b}}}")),
    ] {
        let (kept, rejects) = json(&text).unwrap();
        let found: Vec<_> = kept.iter().map(|p| (p.title.as_str(), p.body.as_str(), p.source_key.as_str())).collect();
        assert_eq!(found, [("A]", "x\"}", "1"), ("B", "[y", "7")], "{text}");
        assert!(rejects.is_empty());
    }
}

#[test]
fn a_bad_line_or_element_costs_itself_only() {
    let good = r#"{"title":"A","body":"x"}"#;
    for text in [
        format!("{good}\n{{\"title\": \n{good}\n3\n"),
        format!("[{good}, {{\"title\": }}, {good}, 3]"),
        format!("{{\"total\": 4, \"items\": [\n{good},\n{{\"title\": }}, {good}, 3]}}"),
    ] {
        let (kept, rejects) = json(&text).unwrap();
        assert_eq!(kept.iter().map(|p| p.origin.record).collect::<Vec<_>>(), [1, 3], "{text}");
        assert!(rejects[0].starts_with("2: Malformed") && rejects[1].starts_with("4: Malformed"), "{rejects:?}");
    }
    assert!(refusal(json(&format!("[{good}, {{\"title\": \"cu"))).contains("cut short"));
}

#[test]
fn a_depth_bomb_is_rejected_by_name_of_the_limit() {
    let bomb = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let (kept, rejects) = json(&format!("[{{\"title\":\"A\",\"body\":\"x\"}},{{\"a\":{bomb}}}]")).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(rejects[0].contains("limits.json_depth"), "{rejects:?}");
}

#[test]
fn a_large_wrapped_array_is_streamed() {
    let one = format!("{{\"title\":\"A\",\"body\":\"{}\"}}", "x".repeat(60_000));
    let many = vec![one; 200].join(",");
    assert_eq!(json(&format!("{{\"page\":{{\"n\":[1]}},\"jobs\":[{many}],\"end\":1}}")).unwrap().0.len(), 200);
}

#[test]
fn a_job_posting_is_read_whether_its_properties_are_one_or_many() {
    let text = r#"{"@context":"https://schema.org","@type":["JobPosting"],"title":"Nurse","description":"&lt;p&gt;Care",
        "hiringOrganization":[{"@type":"Organization","name":"Trust"}],"datePosted":"2020-01-02T03:04:05+0000",
        "jobLocation":[{"address":{"addressLocality":"Exampleton","postalCode":"EX1 2AB","addressCountry":{"name":"GB"}}},
        {"address":"Leeds"}],"identifier":{"@type":"PropertyValue","name":"Trust","value":42},
        "baseSalary":{"currency":"GBP","value":{"unitText":"YEAR","value":"negotiable"}}}"#;
    for text in [
        text.to_owned(),
        format!("{{\"posting\":{text}}}"),
        format!("{{\"@graph\":[{{\"@type\":\"WebSite\"}},{text}]}}"),
    ] {
        let (kept, rejects) = job(&text).unwrap();
        assert!(rejects.is_empty(), "{rejects:?}");
        let posting = &kept[0];
        assert_eq!(posting.body, "&lt;p&gt;Care");
        assert_eq!(posting.employer.as_deref(), Some("Trust"));
        assert_eq!(posting.place.as_deref(), Some("Exampleton, EX1 2AB, GB; Leeds"));
        assert_eq!(posting.posted_on.as_deref(), Some("2020-01-02T03:04:05+0000"));
        assert_eq!((posting.salary.as_deref(), posting.source_key.as_str()), (Some("negotiable"), "42"));
    }
    assert!(job(r#"{"@type":"Person","name":"x"}"#).unwrap().1[0].contains("found 'Person'"));
}

#[test]
fn the_format_is_told_by_content_not_by_name() {
    let folder = TempDir::new().unwrap();
    for (bytes, format) in [
        (b"title;body\na;b\n".to_vec(), PostingFormat::Csv),
        (b"[{\"title\":1}]".to_vec(), PostingFormat::Json),
        (b"{\n \"items\": [{\"title\":1}]}".to_vec(), PostingFormat::Json),
        (b"{\"title\":1}\n{\"title\":2}\n".to_vec(), PostingFormat::JsonLines),
        (gzip(b"{\"@type\": \"JobPosting\"}\n"), PostingFormat::JobPosting),
    ] {
        assert_eq!(sniff(&write(&folder, "x.txt", &bytes), &Limits::default()).unwrap(), format);
    }
}

// ---- Parquet ----

fn parquet_bytes() -> Vec<u8> {
    use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("unused", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("titulo", Arc::new(StringArray::from(vec![Some("Nurse"), None, Some("Cook")]))),
        ("body", Arc::new(StringArray::from(vec!["cares", "x", "cooks"]))),
        ("date", Arc::new(Date32Array::from(vec![17_892, 0, 1]))),
        ("id", Arc::new(Int64Array::from(vec![70, 80, 90]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn read_parquet(bytes: &[u8]) -> Outcome {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "p.parquet", bytes);
    let rules = columns("title = 'titulo'");
    gather(|input, sink| {
        at_desk(&rules, sink, |desk| postings_parquet::read(input, fs::File::open(path).unwrap(), desk))
    })
}

#[test]
fn parquet_columns_of_any_type_become_text() {
    let (kept, rejects) = read_parquet(&parquet_bytes()).unwrap();
    assert_eq!((kept[0].title.as_str(), kept[1].title.as_str()), ("Nurse", "Cook"));
    assert_eq!((kept[0].posted_on.as_deref(), kept[1].source_key.as_str()), (Some("2018-12-27"), "90"));
    assert_eq!(rejects, ["2: MissingField: `title` is empty"]);
}

#[test]
fn damaged_parquet_is_an_error_or_other_text_but_never_a_panic() {
    let whole = parquet_bytes();
    let mut refused = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        refused += usize::from(read_parquet(&bytes).is_err());
    }
    assert!(refused > whole.len() / 4, "{refused} of {}", whole.len());
    assert!(refusal(read_parquet(&whole[..whole.len() - 9])).contains("damaged"));
}

// ---- taxonomies ----

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const SKILLS_EN: &str = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,description\n\
    K,http://x/skill/1,skill/competence,cross-sector,weld metal,\"join metal\nweld metal\nmetal | glass\",released,Joins.\n\
    K,http://x/skill/2,knowledge,sector-specific,solar energy,,released,\n";
const GREEN_ES: &str = "conceptType,conceptUri,preferredLabel,altLabels\n\
    K,http://x/skill/2,energía solar,energía del sol | fotovoltaica\n";
const OCCUPATIONS_ES: &str = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description\n\
    O,http://x/occupation/1,2221,enfermero/enfermera,,\nO,http://x/occupation/2,3118,técnico en CAD/CAM,,\n\
    O,http://x/occupation/3,2654,المدير الفني / المديرة الفنية,,\n";
const RELATIONS: &str = "occupationUri,relationType,skillType,skillUri\n\
    http://x/occupation/1,essential,knowledge,http://x/skill/2\n";
const BROADER: &str = "conceptType,conceptUri,broaderType,broaderUri\n\
    KnowledgeSkillCompetence,http://x/skill/2,SkillGroup,http://x/skill/g\n";

fn labels(skill: &Skill) -> Vec<(&str, Lang, LabelKind)> {
    skill.labels.iter().map(|l| (l.text.as_str(), l.lang, l.kind)).collect()
}

#[test]
fn an_esco_package_is_read_from_zips_in_a_folder() {
    use LabelKind::{Alternative, Preferred};
    let folder = TempDir::new().unwrap();
    write(
        &folder,
        "ESCO dataset - v1.1.1 - en - csv.zip",
        &zip(&[("skills_en.csv", SKILLS_EN), ("skills_fr.csv", "")]),
    );
    write(&folder, "relations.zip", &zip(&[("occupationSkillRelations.csv", RELATIONS)]));
    write(&folder, "broaderRelationsSkillPillar_en.csv", BROADER.as_bytes());
    write(&folder, "greenSkillsCollection_es.csv", GREEN_ES.as_bytes());
    write(&folder, "occupations_es.csv", OCCUPATIONS_ES.as_bytes());
    let layer = esco::read(&[folder.path()], &Limits::default()).unwrap();
    assert_eq!(layer.version, "ESCO v1.1.1 (en, es)");
    let [weld, solar] = layer.skills.as_slice() else { panic!("two skills") };
    assert_eq!(
        labels(weld),
        [
            ("weld metal", Lang::En, Preferred),
            ("join metal", Lang::En, Alternative),
            ("metal | glass", Lang::En, Alternative)
        ]
    );
    assert_eq!(
        labels(solar),
        [
            ("solar energy", Lang::En, Preferred),
            ("energía solar", Lang::Es, Preferred),
            ("energía del sol", Lang::Es, Alternative),
            ("fotovoltaica", Lang::Es, Alternative)
        ]
    );
    assert!(solar.green && !weld.green && solar.broader == ["http://x/skill/g"]);
    let names = |at: usize| layer.occupations[at].labels.iter().map(|l| l.text.as_str()).collect::<Vec<_>>();
    assert_eq!(names(0), ["enfermero/enfermera", "enfermero", "enfermera"]);
    assert_eq!(names(1), ["técnico en CAD/CAM"]);
    assert_eq!(names(2), ["المدير الفني / المديرة الفنية", "المدير الفني", "المديرة الفنية"]);
    assert_eq!(layer.relations[0].2, RelationKind::Essential);
}

#[test]
fn a_zip_that_climbs_out_bombs_or_holds_too_much_is_refused() {
    let folder = TempDir::new().unwrap();
    let refuse = |name: &str, bytes: &[u8], limits: &Limits| {
        refusal(esco::read(&[&write(&folder, name, bytes) as &Path], limits))
    };
    let limits = Limits::default();
    assert!(refuse("a.zip", &zip(&[("../../skills_en.csv", SKILLS_EN)]), &limits).contains("outside the archive"));
    let bomb = zip(&[("skills_en.csv", &" ".repeat(20 << 20))]);
    assert!(refuse("b.zip", &bomb, &limits).contains("limits.ratio"));
    let few = Limits { archive_entries: 1, ..Limits::default() };
    assert!(refuse("c.zip", &zip(&[("a.csv", ""), ("b.csv", "")]), &few).contains("limits.archive_entries"));
    assert!(refuse("d.zip", &bomb[..bomb.len() / 2], &limits).contains("damaged"));
    assert!(
        refuse("missing.zip", &zip(&[("skills_en.csv", "conceptUri\nx\n")]), &limits)
            .contains("no column 'preferredLabel'")
    );
    assert!(refuse("e.zip", &zip(&[("readme.txt", "")]), &limits).contains("holds no ESCO file"));
}

#[test]
fn the_starter_taxonomy_resolves_slugs_and_names_the_row_of_an_unknown_one() {
    let folder = TempDir::new().unwrap();
    let skills = "id,uri,kind,reuse,broader,green,digital,description\n\
        ict,http://x/skill/9,skill,transversal,,no,yes,Computers.\npython,,knowledge,cross-sector,ict,no,yes,\n";
    write(&folder, "skills.csv", skills.as_bytes());
    write(&folder, "skill_labels.csv", b"id,lang,kind,label\npython,en,alternative,py\npython,en,preferred,Python\n");
    write(&folder, "occupations.csv", b"id,uri,isco,sectors,description\ndev,,2512,J M,\n");
    write(&folder, "occupation_labels.csv", b"id,lang,kind,label\ndev,ca,preferred,desenvolupador\n");
    write(&folder, "occupation_skills.csv", b"occupation,skill,relation\ndev,python,essential\n");
    let layer = starter::read(folder.path(), "starter", &Limits::default()).unwrap();
    assert_eq!(layer.skills[1].broader, ["http://x/skill/9"]);
    assert_eq!(
        (layer.skills[1].name(Lang::En), layer.skills[1].id.0.as_str()),
        ("Python", "urn:skillgap:skill:python")
    );
    assert!(layer.definitions.is_empty(), "the file may be absent");
    write(&folder, "skill_definitions.csv", "id,lang,definition\npython,ca,Escriure programes en Python.\n".as_bytes());
    let defined = starter::read(folder.path(), "starter", &Limits::default()).unwrap().definitions;
    assert_eq!(defined[&Lang::Ca]["urn:skillgap:skill:python"], "Escriure programes en Python.");
    write(&folder, "skill_definitions.csv", b"id,lang,definition\npython,ca,A.\npython,ca,B.\n");
    let message = refusal(starter::read(folder.path(), "starter", &Limits::default()));
    assert!(
        message.contains("skill_definitions.csv, row 2: definition 'B.' must be given, and once only"),
        "{message}"
    );
    std::fs::remove_file(folder.path().join("skill_definitions.csv")).unwrap();
    let relation =
        ("urn:skillgap:occupation:dev".to_owned(), "urn:skillgap:skill:python".to_owned(), RelationKind::Essential);
    assert_eq!(layer.relations, [relation]);
    write(&folder, "occupation_skills.csv", b"occupation,skill,relation\ndev,python,essential\ndev,pyton,optional\n");
    let message = refusal(starter::read(folder.path(), "starter", &Limits::default()));
    assert!(message.starts_with("occupation_skills.csv, row 2: skill 'pyton'"), "{message}");
}

#[test]
fn every_skill_of_the_starter_taxonomy_is_defined_for_every_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/reference");
    let layer = starter::read(&folder, "starter", &Limits::default()).unwrap();
    for lang in [Lang::Es, Lang::Ca, Lang::Ar] {
        let undefined = layer.skills.iter().find(|s| !layer.definitions[&lang].contains_key(&s.id.0));
        assert_eq!(undefined, None, "{lang:?}");
    }
    assert!(layer.skills.iter().all(|s| s.description.is_some()));
}

// ---- credentials and statistics ----

#[test]
fn credentials_keep_their_fields_as_spelt() {
    let text = "code,name,outcomes,ects\nMC1,Data,\"clean data\nplot data\",\"4,5\"\n,,x,\n,Care,,\n";
    let rules = columns("credential_id = 'code'\ntitle = 'name'");
    let (mut kept, mut rejects) = (Vec::new(), Vec::new());
    let mut body = Cursor::new(text.as_bytes());
    let mut table = CsvFile::open("catalogue.csv", &mut body, &Limits::default()).unwrap();
    credentials_table::read(&input(Limits::default()), &mut table, &rules, &mut |record| match record {
        Record::Kept((_, credential)) => kept.push(credential),
        Record::Rejected(reject) => rejects.push(reject.origin.record),
    })
    .unwrap();
    assert_eq!((kept[0].id.as_str(), kept[1].id.as_str(), rejects), ("MC1", "3", vec![2]));
    assert_eq!(
        (kept[0].fields["outcomes"].as_str(), kept[0].fields["ects"].as_str()),
        ("clean data\nplot data", "4,5")
    );
}

#[test]
fn ilostat_labels_and_codes_give_the_same_shape() {
    let read = |text: &str| {
        let mut rows = Vec::new();
        ilostat::read(&input(Limits::default()), &mut Cursor::new(text.as_bytes()), &mut |record| match record {
            Record::Kept(row) => rows.push(row),
            Record::Rejected(reject) => panic!("{reject:?}"),
        })
        .unwrap();
        rows
    };
    let labels = read(
        "\"ref_area.label\",\"source.label\",\"indicator.label\",\"sex.label\",\"classif1.label\",\"time\",\"obs_value\",\"obs_status.label\"\n\
        \"Occupied Palestinian Territory\",\"LFS\",\"Employment by sex and occupation (thousands)\",\"Sex: Total\",\"Occupation (ISCO-08): 2. Professionals\",\"2021\",12.5,\n",
    );
    let codes = read(
        "ref_area,source,indicator,sex,classif1,classif2,time,obs_value,obs_status\n\
        PSE,BA:1,EMP_TEMP_SEX_OCU_NB,SEX_F,OCU_ISCO08_2,AGE_AGGREGATE_TOTAL,2021,12.5,U\n",
    );
    assert_eq!((labels[0].unit.as_str(), labels[0].sex.as_deref()), ("thousands", None));
    assert_eq!(labels[0].occupation.as_deref(), Some("Occupation (ISCO-08): 2. Professionals"));
    assert_eq!(
        (codes[0].unit.as_str(), codes[0].sex.as_deref(), codes[0].age.as_deref()),
        ("thousands", Some("SEX_F"), None)
    );
    assert_eq!((codes[0].occupation.as_deref(), codes[0].status.as_deref()), (Some("OCU_ISCO08_2"), Some("U")));
}

#[test]
fn a_world_bank_table_gives_one_observation_per_row_and_year() {
    let text = "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2024-06-28\",\n\n\
        \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2020\",\"2021\",\n\
        \"West Bank and Gaza\",\"PSE\",\"Unemployment (% of labour force)\",\"SL.UEM.TOTL.ZS\",\"25.9\",\"\",\n";
    let mut rows = Vec::new();
    worldbank::read(&input(Limits::default()), &mut Cursor::new(text.as_bytes()), &mut |record| match record {
        Record::Kept(row) => rows.push((row.area, row.period, row.value, row.unit)),
        Record::Rejected(reject) => panic!("{reject:?}"),
    })
    .unwrap();
    let row =
        |year: &str, value: &str| ("PSE".to_owned(), year.to_owned(), value.to_owned(), "% of labour force".to_owned());
    assert_eq!(rows, [row("2020", "25.9"), row("2021", "")]);
}

// ---- workbooks ----

/// A workbook with a title, an empty row, a header on its third row and a hidden sheet before it.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let hidden = book.add_worksheet().set_name("codes").unwrap();
    hidden.set_hidden(true).write(0, 0, "title").unwrap();
    let sheet = book.add_worksheet().set_name("Offers").unwrap();
    sheet.write(0, 0, "Offers of May").unwrap();
    for (column, name) in ["Title", "Description", "Date", "Pay"].into_iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), name).unwrap();
    }
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 5, 17).unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write(3, 0, "Cuiner/a").unwrap().write(3, 1, "Cuina catalana").unwrap();
    sheet.write_with_format(3, 2, &date, &format).unwrap().write(3, 3, 1450.5).unwrap();
    sheet.write(60_000, 16_383, "far").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_worksheet_is_read_under_its_header_whatever_stands_above_and_however_far_a_cell_lies() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "offers.xlsx", &workbook());
    let rules = columns("salary = 'Pay'\nposted_on = 'Date'");
    let (kept, rejects) = gather(|i, sink| read_postings(&path, i, &rules, sink).map(drop)).unwrap();
    assert_eq!((kept[0].title.as_str(), kept[0].body.as_str()), ("Cuiner/a", "Cuina catalana"));
    assert_eq!((kept[0].posted_on.as_deref(), kept[0].salary.as_deref()), (Some("2024-05-17"), Some("1450.5")));
    assert_eq!(rejects, ["2: MissingField: `title` is empty"]);
}
