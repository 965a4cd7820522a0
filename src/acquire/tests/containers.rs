//! Archives, folders, pages and files that belong together: ordinary ones and hostile ones.

use super::*;
use crate::acquire::mapping::ColumnRule;
use std::collections::BTreeMap;

const CSV: &str = "title,body\nNurse,care for patients\n";

/// What a source of these files gives: titles and bodies, rejects, notes; or the refusal.
type Source = Result<(Vec<RawPosting>, Vec<String>, Notes), AcquireError>;

fn source_with(files: &[(&str, &[u8])], rules: &str, limits: &Limits) -> Source {
    let folder = TempDir::new().unwrap();
    let (mut kept, mut rejects) = (Vec::new(), Vec::new());
    let mut sink = |record| match record {
        Record::Kept(posting) => kept.push(posting),
        Record::Rejected(reject) => rejects.push(format!("{}: {}", reject.origin.record, reject.detail)),
    };
    let mut reader = PostingReader::new(&columns(rules), None, files.len() > 1)?;
    for (name, bytes) in files {
        let mut input = input(limits.clone());
        (*name).clone_into(&mut input.file);
        reader.read(&write(&folder, &name.replace('/', "_"), bytes), &input, &mut sink)?;
    }
    let notes = reader.finish("board", &mut sink)?;
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), files.len(), "something was written");
    Ok((kept, rejects, notes))
}

fn source(files: &[(&str, &[u8])]) -> Source {
    source_with(files, "", &Limits::default())
}

fn titles(source: &Source) -> Vec<&str> {
    source.as_ref().unwrap().0.iter().map(|p| p.title.as_str()).collect()
}

fn tar(entries: &[(&str, &[u8], tar::EntryType)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes, kind) in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(*kind);
        // The builder refuses hostile names, so they are written as bytes.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

const FILE: tar::EntryType = tar::EntryType::Regular;

// ---- archives ----

#[test]
fn an_archive_is_read_by_name_its_droppings_skipped_and_what_is_no_data_counted() {
    let entries = [
        ("b/2.csv", "title,body\nTwo,x\n"),
        ("a/1.jsonl", "{\"title\": \"One\", \"body\": \"x\"}\n{\"title\": \"\", \"body\": \"x\"}\n"),
        ("__MACOSX/._1.jsonl", "junk"),
        (".DS_Store", "junk"),
        ("README.md", "about"),
        ("photo.png", "\u{89}PNG"),
    ];
    let found = source(&[("week.zip", &zip(&entries))]);
    assert_eq!(titles(&found), ["One", "Two"]);
    let (kept, rejects, _) = found.unwrap();
    assert_eq!(kept.iter().map(|p| p.origin.record).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(kept[0].source_key, "week.zip/a/1.jsonl#1");
    assert_eq!(
        rejects,
        [
            "1: week.zip/README.md: a note about the data, which holds no postings",
            "3: week.zip/a/1.jsonl: `title` is empty",
            "5: week.zip/photo.png: an image, which holds no postings",
        ]
    );
    let packed = gzip(&tar(&[("./2.csv", CSV.as_bytes(), FILE), ("dir/", b"", tar::EntryType::Directory)]));
    assert_eq!(titles(&source(&[("week.tar.gz", &packed)])), ["Nurse"]);
}

#[test]
fn hostile_tar_entries_are_refused() {
    let refuse = |entries: &[(&str, &[u8], tar::EntryType)]| refusal(source(&[("a.tar", &tar(entries))]));
    let csv = CSV.as_bytes();
    assert!(refuse(&[("../x.csv", csv, FILE)]).contains("points outside"));
    assert!(refuse(&[("/etc/x.csv", csv, FILE)]).contains("points outside"));
    assert!(refuse(&[("x.csv", b"", tar::EntryType::Symlink)]).contains("is a link"));
    assert!(refuse(&[("x.csv", b"", tar::EntryType::Link)]).contains("is a link"));
    assert!(refuse(&[("x", b"", tar::EntryType::Fifo)]).contains("no ordinary file"));
    assert!(refuse(&[("x.csv", csv, FILE), ("x.csv", csv, FILE)]).contains("twice"));
    assert!(refuse(&[("x.tar", &tar(&[("y.csv", csv, FILE)]), FILE)]).contains("archive inside"));
    let few = Limits { archive_entries: 1, ..Limits::default() };
    let two = tar(&[("a.csv", csv, FILE), ("b.csv", csv, FILE)]);
    assert!(refusal(source_with(&[("a.tar", &two)], "", &few)).contains("limits.archive_entries"));
    let whole = gzip(&two);
    let mut broken = whole.clone();
    let at = whole.len() - 6;
    broken[at] ^= 1;
    assert!(refusal(source(&[("a.tgz", &broken)])).contains("damaged"));
    assert!(refusal(source(&[("a.tgz", &whole[..whole.len() - 20])])).contains("damaged"));
}

/// A ZIP of one stored entry with parts of our choosing: name in the local header, name in the directory, flags, the
/// size and the checksum the directory states, and the mode.
struct Crafted<'c> {
    name: &'c str,
    flags: u16,
    size: u32,
    crc: u32,
    mode: u32,
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// ZIP by the published layout of its records (APPNOTE 4.3): local headers, central directory, end record.
fn craft(entries: &[Crafted<'_>], body: &[u8]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = out.len() as u32;
        let mut common = Vec::new();
        for half in [20, entry.flags, 0, 0, 0] {
            common.extend(half.to_le_bytes());
        }
        for word in [entry.crc, body.len() as u32, entry.size] {
            common.extend(word.to_le_bytes());
        }
        common.extend((entry.name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(entry.name.as_bytes());
        out.extend(body);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend((entries.len() as u16).to_le_bytes());
    }
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    out
}

#[test]
fn hostile_zip_entries_are_refused_and_nothing_is_written() {
    let body = CSV.as_bytes();
    let (size, sum) = (body.len() as u32, crc(body));
    let one = |name| Crafted { name, flags: 0, size, crc: sum, mode: 0o100_644 };
    let refuse = |entries: &[Crafted<'_>]| refusal(source(&[("a.zip", &craft(entries, body))]));
    assert_eq!(titles(&source(&[("a.zip", &craft(&[one("a.csv")], body))])), ["Nurse"]);
    for name in ["../a.csv", "/a.csv", "x/../../a.csv", "C:\\a.csv", "..\\a.csv"] {
        assert!(refuse(&[one(name)]).contains("points outside"), "{name}");
    }
    assert!(refuse(&[Crafted { mode: 0o120_777, ..one("a.csv") }]).contains("is a link"));
    assert!(refuse(&[one("a.csv"), one("a.csv")]).contains("two entries"));
    assert!(refuse(&[Crafted { crc: 7, ..one("a.csv") }]).contains("damaged"));
    assert!(refuse(&[Crafted { flags: 1, ..one("a.csv") }]).contains("encrypted"));
    let lie = refuse(&[Crafted { size: size + 9, ..one("a.csv") }]);
    assert!(lie.contains("directory says") || lie.contains("damaged"), "{lie}");
    let nested = zip(&[("inner.csv", CSV)]);
    let outer =
        craft(&[Crafted { name: "in.zip", flags: 0, size: nested.len() as u32, crc: crc(&nested), mode: 0 }], &nested);
    assert!(refusal(source(&[("a.zip", &outer)])).contains("archive inside an archive"));
}

#[test]
fn zips_that_claim_a_million_entries_or_unpack_to_far_more_are_refused_before_they_cost_anything() {
    let mut claims = craft(&[], b"");
    let end = claims.len() - 14;
    claims[end..end + 4].fill(0xFF);
    assert!(refusal(source(&[("a.zip", &claims)])).contains("limits.archive_entries"));
    let bomb = zip(&[("a.csv", &" ".repeat(20 << 20))]);
    assert!(refusal(source(&[("a.zip", &bomb)])).contains("limits.ratio"));
    let small = Limits { decoded_bytes: 10, ..Limits::default() };
    assert!(refusal(source_with(&[("a.zip", &zip(&[("a.csv", CSV)]))], "", &small)).contains("limits.decoded_bytes"));
    assert!(refusal(source(&[("a.zip", &zip(&[("a.csv", CSV)])[..60])])).contains("damaged"));
}

#[test]
fn formats_that_are_not_read_say_what_to_save_them_as() {
    let kinds: [(&[u8], &str, &str); 7] = [
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel", "save it as .xlsx"),
        (b"%PDF-1.7\n", "a PDF", "save its text as HTML"),
        (b"\x28\xB5\x2F\xFD\0", "zstd", "pack its files again"),
        (b"\xFD7zXZ\0", "xz", "pack its files again"),
        (b"7z\xBC\xAF\x27\x1C\0", "7z", "pack its files again"),
        (b"Rar!\x1A\x07\0", "RAR", "pack its files again"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", ".mhtml", "HTML only"),
    ];
    for (bytes, what, advice) in kinds {
        let said = refusal(source(&[("file", bytes)]));
        assert!(said.contains(what) && said.contains(advice), "{said}");
    }
    for (member, what) in
        [("xl/workbook.bin", ".xlsb"), ("word/document.xml", ".docx"), ("ppt/presentation.xml", ".pptx")]
    {
        let said = refusal(source(&[("file", &zip(&[("[Content_Types].xml", ""), (member, "")]))]));
        assert!(said.contains(what) && said.contains("save"), "{said}");
    }
    let said = refusal(source(&[("file", &zip(&[("mimetype", "application/vnd"), ("content.xml", "")]))]));
    assert!(said.contains(".ods"), "{said}");
}

#[test]
fn a_zip_of_files_that_mentions_excel_parts_is_no_workbook() {
    let entries = [("a.csv", "title,body\n[Content_Types].xml,xl/ is a folder\n")];
    assert_eq!(titles(&source(&[("a.zip", &zip(&entries))])), ["[Content_Types].xml"]);
}

// ---- workbooks ----

#[test]
fn sheets_of_one_header_are_all_read_and_others_are_told_of() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (sheet, row) in [("May", "One"), ("Notes", ""), ("June", "Two")] {
        let sheet = book.add_worksheet().set_name(sheet).unwrap();
        if row.is_empty() {
            sheet.write(0, 0, "nothing here").unwrap();
        } else {
            sheet.write(0, 0, "title").unwrap().write(0, 1, "body").unwrap();
            sheet.write(1, 0, row).unwrap().write(1, 1, "text").unwrap();
        }
    }
    let found = source(&[("a.xlsx", &book.save_to_buffer().unwrap())]);
    assert_eq!(titles(&found), ["One", "Two"]);
    let (kept, _, notes) = found.unwrap();
    assert_eq!(kept[1].origin.record, 2);
    assert_eq!(notes.warnings, ["a.xlsx: sheet 'Notes' has no header that fits and was not read"]);
}

#[test]
fn a_header_of_two_rows_is_read_across_its_merged_cells() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 1, 0, "title", &plain).unwrap();
    sheet.merge_range(0, 1, 0, 2, "Period", &plain).unwrap();
    sheet.write(1, 1, "from").unwrap().write(1, 2, "to").unwrap().write(0, 3, "body").unwrap();
    for (column, text) in ["Cook", "2024-05-01", "2024-06-01", "soups"].into_iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), text).unwrap();
    }
    let book = book.save_to_buffer().unwrap();
    for rules in ["posted_on = 'from'\ncloses_on = 'to'", "posted_on = 'Period from'\ncloses_on = 'Period to'"] {
        let (kept, rejects, _) = source_with(&[("a.xlsx", &book)], rules, &Limits::default()).unwrap();
        assert_eq!(rejects, Vec::<String>::new());
        assert_eq!(
            (kept[0].posted_on.as_deref(), kept[0].closes_on.as_deref()),
            (Some("2024-05-01"), Some("2024-06-01"))
        );
    }
}

/// A workbook out of the XML of its one sheet and its shared strings.
fn sheet_xml(rows: &str, strings: &str, date1904: bool) -> Vec<u8> {
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook {main} xmlns:r=\"{relations}\"><workbookPr date1904=\"{}\"/><sheets>\
         <sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        u8::from(date1904)
    );
    let rels = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{relations}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{relations}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &rels),
        (
            "xl/styles.xml",
            &format!("<styleSheet {main}><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ),
        ("xl/sharedStrings.xml", &format!("<sst {main}>{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

fn text_cell(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn formulas_without_value_and_error_cells_are_rejects_that_name_the_cell() {
    let head: String =
        ["title", "body", "place"].iter().zip(["A1", "B1", "C1"]).map(|(t, c)| text_cell(c, t)).collect();
    let error = |cell: &str| format!("<c r=\"{cell}\" t=\"e\"><v>#REF!</v></c>");
    let rows = format!(
        "<row r=\"1\">{head}</row>\
         <row r=\"2\">{}<c r=\"B2\"><f>A2&amp;\"x\"</f></c></row>\
         <row r=\"3\">{}{}</row>\
         <row r=\"4\">{}{}{}</row>\
         <row r=\"5\">{}<c r=\"B5\" t=\"str\"><f>A5</f><v>stored</v></c></row>",
        text_cell("A2", "x"),
        error("A3"),
        text_cell("B3", "y"),
        text_cell("A4", "Kept"),
        text_cell("B4", "text"),
        error("C4"),
        text_cell("A5", "Stored"),
    );
    let found = source(&[("a.xlsx", &sheet_xml(&rows, "", false))]);
    assert_eq!(titles(&found), ["Kept", "Stored"]);
    let (kept, rejects, _) = found.unwrap();
    assert_eq!(kept[0].place, None);
    assert!(
        rejects[0].starts_with("1: `body`: cell B2 of sheet 'S' holds a formula without a stored value"),
        "{rejects:?}"
    );
    assert_eq!(rejects[1], "2: `title`: cell A3 of sheet 'S' holds an error of the spreadsheet");
}

#[test]
fn dates_count_from_1900_or_1904_as_the_workbook_says() {
    // Day 45,000 is 2023-03-15 in the 1900 system; the 1904 system counts 1,462 days later (Microsoft, 214330).
    let head: String = ["title", "body", "date"].iter().zip(["A1", "B1", "C1"]).map(|(t, c)| text_cell(c, t)).collect();
    let row = format!("{}{}<c r=\"C2\" s=\"1\"><v>45000</v></c>", text_cell("A2", "x"), text_cell("B2", "y"));
    let rows = format!("<row r=\"1\">{head}</row><row r=\"2\">{row}</row>");
    for (mac, day) in [(false, "2023-03-15"), (true, "2027-03-16")] {
        let (kept, _, _) = source(&[("a.xlsx", &sheet_xml(&rows, "", mac))]).unwrap();
        assert_eq!(kept[0].posted_on.as_deref(), Some(day));
    }
}

#[test]
fn a_workbook_that_multiplies_one_text_or_unpacks_to_far_more_is_refused() {
    let strings = format!("<si><t>{}</t></si>", "ab".repeat(200_000));
    let cells: String =
        (1..2_000).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\" t=\"s\"><v>0</v></c></row>")).collect();
    let said = refusal(source(&[("a.xlsx", &sheet_xml(&cells, &strings, false))]));
    assert!(said.contains("limits.document_bytes"), "{said}");
    let blank = " ".repeat(20 << 20);
    let said = refusal(source(&[("a.xlsx", &sheet_xml("", &blank, false))]));
    assert!(said.contains("limits.ratio"), "{said}");
    let few = Limits { workbook_cells: 10, ..Limits::default() };
    let said = refusal(source_with(&[("a.xlsx", &sheet_xml("", &"<si><t/></si>".repeat(11), false))], "", &few));
    assert!(said.contains("limits.workbook_cells"), "{said}");
}

// ---- several files of a source ----

#[test]
fn a_column_absent_from_some_of_several_files_is_counted_and_one_absent_from_all_is_refused() {
    let files: [(&str, &[u8]); 3] = [
        ("1.csv", b"titulo,texto,ciudad\r\na,x,Vic\r\n"),
        ("2.csv", b"puesto,texto\nb,NA\nc,y\n"),
        ("3.csv", b"titulo,texto,ciudad\nd,z,NA\n"),
    ];
    let rules = "title = { any = ['titulo', 'puesto'] }\nbody = 'texto'\nplace = 'ciudad'";
    let found = source_with(&files, rules, &Limits::default());
    assert_eq!(titles(&found), ["a", "c", "d"]);
    let (kept, rejects, notes) = found.unwrap();
    assert_eq!(kept.iter().map(|p| p.place.as_deref()).collect::<Vec<_>>(), [Some("Vic"), None, None]);
    assert_eq!(rejects, ["1: `body` is empty"]);
    assert_eq!(notes.mended, BTreeMap::from([(Mend::ColumnAbsent, 1)]));
    assert!(notes.warnings[0].contains("1 of 3 files have no column 'ciudad' for `place`"), "{:?}", notes.warnings);
    let misspelt = rules.replace("'ciudad'", "'cuidad'");
    assert!(refusal(source_with(&files, &misspelt, &Limits::default())).contains("did you mean 'ciudad'?"));
    assert!(refusal(source_with(&files, "title = 'titulo'\nbody = 'texto'", &Limits::default())).contains("'titulo'"));
    assert!(refusal(source_with(&files[1..2], rules, &Limits::default())).contains("'ciudad'"));
}

/// A shelf in memory.
struct Memory(Vec<Vec<u8>>);

impl Shelf for Memory {
    fn put(&mut self, bytes: &[u8]) -> std::io::Result<(u64, u32)> {
        self.0.push(bytes.to_vec());
        Ok((self.0.len() as u64 - 1, 0))
    }

    fn get(&mut self, place: (u64, u32)) -> std::io::Result<Vec<u8>> {
        Ok(self.0[place.0 as usize].clone())
    }
}

#[test]
fn records_and_their_texts_in_two_files_are_joined_by_id_and_the_lonely_are_counted() {
    let folder = TempDir::new().unwrap();
    let records = write(&folder, "records.csv", b"id,title,company\n1,Nurse,A\n2,Cook,B\n,Clerk,C\n");
    let page = |name: &str, text: &str| {
        (format!("data/{name}.html"), format!("<html><body><h1>{name}</h1><p>{}</p></body></html>", text.repeat(30)))
    };
    let pages = [page("1", "care "), page("9", "lost ")];
    let pages: Vec<(&str, &str)> = pages.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let texts = write(
        &folder,
        "texts.jsonl",
        b"{\"key\":\"1\",\"text\":\"care\"}\n{\"key\":\"9\",\"text\":\"lost\"}\n{\"key\":\"1\",\"text\":\"again\"}\n",
    );
    let archive = write(&folder, "pages.zip", &zip(&pages));
    for (path, file, on, there) in [
        (&texts, "texts.jsonl", "on = { id = 'key' }", "body = 'text'"),
        (&archive, "pages.zip", "on = { file = 'file' }", "body = 'body'"),
    ] {
        let on: BTreeMap<String, JoinOn> = toml::from_str(on).unwrap();
        let (mut kept, mut rejects) = (Vec::new(), Vec::new());
        let mut sink = |record| match record {
            Record::Kept(posting) => kept.push(posting),
            Record::Rejected(reject) => rejects.push(format!("{:?}: {}", reject.reason, reject.detail)),
        };
        let mut rules = columns("");
        if file == "pages.zip" {
            let _ = rules.insert("sector".to_owned(), ColumnRule::Column("id".to_owned()));
        }
        let mut shelf = Memory(Vec::new());
        let mut reader = PostingReader::new(&rules, None, false).unwrap();
        let other = Input { file: file.to_owned(), ..input(Limits::default()) };
        reader.join(&[(path.as_path(), other)], &on["on"], &columns(there), &mut shelf, &mut sink).unwrap();
        if file == "pages.zip" {
            // The records have no column of that name: the plan is wrong, and told so.
            assert!(refusal(reader.read(&records, &input(Limits::default()), &mut sink)).contains("'file'"));
            continue;
        }
        reader.read(&records, &input(Limits::default()), &mut sink).unwrap();
        let notes = reader.finish("board", &mut sink).unwrap();
        assert_eq!((kept.len(), kept[0].title.as_str(), kept[0].body.as_str()), (1, "Nurse", "care"));
        assert_eq!(
            rejects,
            [
                "NoPartner: '2' is not in the file it is joined to",
                "MissingField: the key it is joined by is empty",
                "NoPartner: '9' has no record to be joined to",
            ]
        );
        assert!(notes.warnings[0].contains("1 keys come again"), "{:?}", notes.warnings);
    }
}

// ---- pages ----

fn page(script: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html lang=\"es\"><head><title>Window</title>{script}</head><body>{body}</body></html>")
}

fn linked(json: &str) -> String {
    page(&format!("<script type=\"application/ld+json\">{json}</script>"), "<p>short</p>")
}

#[test]
fn postings_in_linked_data_are_read_up_the_repair_ladder_and_the_rung_is_counted() {
    let posting = "\"@type\": \"JobPosting\", \"title\": \"Cook\", \"description\": \"<p>soups</p>\"";
    let other = "{\"@type\": \"WebSite\", \"name\": \"x\"}";
    let cases = [
        (format!("{{{posting}}}"), 1, None),
        (format!("{{\"@graph\": [{other}, {{{posting}}}, {{{posting}}}]}}"), 2, None),
        (format!("[{other}, {{{posting}}}]"), 1, None),
        (
            "{\"@type\": [\"JobPosting\", \"Thing\"], \"title\": \"Cook\", \"description\": \"soups\"}".to_owned(),
            1,
            None,
        ),
        (
            "{\"@type\": \"JobPosting\", \"title\": \"Cook\", \"description\": \"two\nlines\"}".to_owned(),
            1,
            Some(Mend::JsonLdEscaped),
        ),
        (format!("{{{posting}, \"identifier\": \"\\ud83d\"}}"), 1, Some(Mend::JsonLdEscaped)),
        (format!("//<![CDATA[\n{{{posting},}}\n//]]>"), 1, Some(Mend::JsonLdUnwrapped)),
        (format!("<!-- {{{posting}}} -->"), 1, Some(Mend::JsonLdUnwrapped)),
    ];
    for (json, count, mend) in cases {
        let found = source(&[("a.html", linked(&json).as_bytes())]);
        assert_eq!(titles(&found), vec!["Cook"; count], "{json}");
        assert_eq!(found.unwrap().2.mended.into_keys().next(), mend, "{json}");
    }
    let commented =
        page(&format!("<!-- <script type='application/ld+json'>{{{posting}}}</script> -->"), "<p>short</p>");
    assert!(source(&[("a.html", commented.as_bytes())]).unwrap().0.is_empty());
}

#[test]
fn a_page_without_linked_data_gives_its_title_and_main_text_and_others_are_rejects() {
    let text = "Buscamos una persona para la cocina de nuestro restaurante con experiencia. ".repeat(3);
    let body = format!(
        "<nav>Inicio Ofertas</nav><h1>Cocinero</h1><div><main><p>{text}</p><ul><li>a &lt; b</li></ul></main></div><footer>legal</footer>"
    );
    let (kept, _, notes) = source(&[("a.html", page("", &body).as_bytes())]).unwrap();
    assert_eq!((kept[0].title.as_str(), kept[0].language.as_deref()), ("Cocinero", Some("es")));
    assert!(kept[0].body.contains("<li>a &lt; b</li>") && !kept[0].body.contains("legal"), "{}", kept[0].body);
    assert_eq!(notes.mended, BTreeMap::from([(Mend::PageText, 1)]));
    let deep = linked(&format!(
        "{{\"@type\": \"JobPosting\", \"title\": \"x\", \"a\": {}1{}}}",
        "[".repeat(200),
        "]".repeat(200)
    ));
    let links = format!("<ul>{}</ul>", "<li><a href='x'>Oferta de cocinero en Barcelona</a></li>".repeat(20));
    let list = linked("{\"@type\": \"ItemList\", \"itemListElement\": [{\"@type\": \"ListItem\", \"url\": \"x\"}]}");
    let login = page("", &format!("<p>{text}</p><input type='password'>"));
    for (page, said) in [
        (page("", &links), "lists links"),
        (list, "lists postings"),
        (login, "password"),
        (deep, "hardly any text"),
        (page("", "<p>404</p>"), "hardly any text"),
        (page("", &"<div>".repeat(100_000)), "limits.html_depth"),
        (page("", &format!("<p {}>x</p>", "a=1 ".repeat(100_000))), "attributes"),
        (page("", &format!("<p>{}</p>", "a".repeat(5 << 20))), "limits.record_bytes"),
    ] {
        let (kept, rejects, _) = source(&[("a.html", page.as_bytes())]).unwrap();
        assert_eq!((kept.len(), rejects.len()), (0, 1), "{said}");
        assert!(rejects[0].contains(said), "{said}: {}", rejects[0]);
    }
}

#[test]
fn a_page_under_the_name_of_a_table_is_refused_as_before() {
    let said = refusal(source(&[("offers.csv", page("", "<h1>Log in</h1>").as_bytes())]));
    assert!(said.contains("HTML"), "{said}");
}

#[test]
fn a_page_is_read_in_the_encoding_it_declares() {
    let text = "مطلوب محاسب للعمل في شركة تجارية بدوام كامل مع خبرة في إعداد التقارير المالية ".repeat(3);
    let html = format!(
        "<html><head><meta charset=\"windows-1256\"><title>محاسب</title></head><body><p>{text}</p></body></html>"
    );
    let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(&html);
    assert_eq!(titles(&source(&[("a.html", &bytes)])), ["محاسب"]);
}

// ---- cells and encodings ----

#[test]
fn words_for_nothing_are_blank_and_lists_in_json_are_lines() {
    let (kept, rejects) =
        json("[{\"title\":\"a\",\"body\":[\"one\",\"two\"],\"company\":\"NULL\"},{\"title\":\"nan\",\"body\":\"x\"}]")
            .unwrap();
    assert_eq!((kept[0].body.as_str(), kept[0].employer.as_deref()), ("- one\n- two", None));
    assert_eq!(rejects, ["2: MissingField: `title` is empty"]);
}

#[test]
fn iso_8859_15_is_told_from_windows_1252_by_the_bytes_that_only_make_sense_there() {
    let limits = Limits::default();
    assert_eq!(
        read_text(b"sueldo 1.200 \xA4 a\xF1o", &limits).unwrap(),
        ("sueldo 1.200 € año".to_owned(), "ISO-8859-15")
    );
    assert_eq!(
        read_text(b"sueldo 1.200 \x80 a\xF1o", &limits).unwrap(),
        ("sueldo 1.200 € año".to_owned(), "windows-1252")
    );
    assert_eq!(read_text(b"a\0,\0b\0\n\0c\0,\0\xF1\0\n\0", &limits).unwrap(), ("a,b\nc,ñ\n".to_owned(), "UTF-16LE"));
}

#[test]
fn broken_utf8_in_the_names_of_columns_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.csv", b"t\xEDtle,body,a\xC3\xB1o\n\xC3\xB1,\xC3\xA1,\xC3\xA9\n");
    let outcome = read_postings(&path, &input(Limits::default()), &columns(""), &mut |_| {});
    assert!(refusal(outcome).contains("names of its columns"));
}
