//! Small files after the layouts that `design/sources.md` describes; its line and mark (V verified, R recalled) stand beside.

use super::super::*;
use super::labour_ministry;
use crate::clean::{Areas, ObservationContext, observation};
use crate::types::{ObservationQuality, RawObservation};
use rust_xlsxwriter::Workbook as Writer;
use std::fs;

/// The plan's `[[source]]` as far as statistics go.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Source {
    layout: Option<StatisticsLayout>,
    columns: Columns,
    indicator: Option<String>,
    unit: Option<String>,
    numbers: Option<DecimalSign>,
    periods: Option<PeriodColumns>,
    ignore: Vec<String>,
}

struct Outcome {
    layout: StatisticsLayout,
    kept: Vec<RawObservation>,
    rejects: Vec<String>,
}

fn read(name: &str, bytes: &[u8], plan: &str) -> Result<Outcome, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let source: Source = toml::from_str(plan).unwrap();
    let ask = StatisticsAsk {
        layout: source.layout,
        columns: &source.columns,
        indicator: source.indicator.as_deref(),
        unit: source.unit.as_deref(),
        numbers: source.numbers,
        periods: source.periods.as_ref(),
        ignore: &source.ignore,
        paged: false,
    };
    let input = Input {
        source: crate::types::SourceId::new("office").unwrap(),
        snapshot: crate::types::SnapshotId("0".repeat(64)),
        file: name.to_owned(),
        limits: Limits::default(),
        before: 0,
    };
    let (mut kept, mut rejects) = (Vec::new(), Vec::new());
    let layout = read_statistics(&path, &input, ask, &mut |record| match record {
        Record::Kept(figure) => kept.push(figure),
        Record::Rejected(reject) => rejects.push(reject.detail),
    });
    let layout = layout.map_err(|e| e.to_string())?.unwrap();
    Ok(Outcome { layout, kept, rejects })
}

fn refusal(name: &str, bytes: &[u8], plan: &str) -> String {
    read(name, bytes, plan).err().expect("refused")
}

/// `area period occupation sector sex age = value` as cleaned, or why not.
fn cleaned(figure: &RawObservation) -> String {
    let context = ObservationContext { areas: Areas::built_in(), home: None };
    let o = match observation(figure, &context) {
        Ok(o) => o,
        Err(reject) => return reject.detail,
    };
    let value = match (o.value, o.quality) {
        (Some(value), ObservationQuality::Normal) => value.to_string(),
        (value, quality) => {
            format!("{quality:?} {}", value.map(|v| v.to_string()).unwrap_or_default()).trim().to_owned()
        }
    };
    let occupation = o.occupation.map(String::from);
    let items = [occupation, o.sector, o.sex, o.age].into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("{} {} [{items}] = {value}", o.area.0, o.period)
}

fn all(outcome: &Outcome) -> Vec<String> {
    outcome.kept.iter().map(cleaned).collect()
}

/// A workbook of sheets; cells that parse as numbers are numbers, `'5` is the text "5".
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Writer::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in (0_u32..).zip(*rows) {
            for (column, text) in (0_u16..).zip(*cells) {
                match (text.strip_prefix('\''), text.parse::<f64>()) {
                    (Some(text), _) => sheet.write_string(row, column, text),
                    (None, Ok(number)) => sheet.write_number(row, column, number),
                    (None, Err(_)) if text.is_empty() => continue,
                    (None, Err(_)) => sheet.write_string(row, column, *text),
                }
                .unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

// ---- any table ----

#[test]
fn a_mapped_table_with_a_column_per_year_gives_a_figure_per_row_and_year() {
    let text = "Unemployment by region\nsource: office\nRegion;Sex;2020;2021;Remark\nPalestine;Both sexes;25,9;26,4;x\nGaza Strip;Males;..;44,0;\n";
    let plan = "layout = 'table'\nindicator = 'Unemployment rate'\nunit = '%'\nnumbers = 'comma'\nperiods = '20??'\n\
        [columns]\narea = 'Region'\nsex = 'Sex'";
    let figures = read("t.csv", text.as_bytes(), plan).unwrap();
    assert_eq!(all(&figures)[..2], ["PS 2020 [] = 25.9", "PS 2021 [] = 26.4"]);
    assert!(all(&figures)[2].ends_with("2020 [Males] = Missing"));
    assert_eq!((figures.kept.len(), figures.rejects.len()), (4, 0));
}

#[test]
fn a_decimal_sign_is_asked_for_and_never_guessed() {
    let text = "area,period,value\nES,2023,24.440\n";
    let plan = "layout = 'table'\nindicator = 'x'\n";
    let error = refusal("t.csv", text.as_bytes(), plan);
    assert!(error.contains("row 1, column 'value': '24.440'") && error.contains("numbers = \"comma\""), "{error}");
    let with = |sign: &str| all(&read("t.csv", text.as_bytes(), &format!("{plan}numbers = '{sign}'")).unwrap());
    assert_eq!(with("comma"), ["ES 2023 [] = 24440"]);
    assert_eq!(with("point"), ["ES 2023 [] = 24.44"]);
    // A number by type needs no sign, even beside texts that do.
    let book =
        workbook(&[("T", &[&["area", "period", "value"], &["ES", "2023", "24.125"], &["ES", "2022", "'24.440"]])]);
    let figures = read("t.xlsx", &book, &format!("{plan}numbers = 'comma'")).unwrap();
    assert_eq!(all(&figures), ["ES 2023 [] = 24.125", "ES 2022 [] = 24440"]);
}

#[test]
fn a_row_of_tags_under_the_header_is_no_figure() {
    // design/sources.md:232 (V)
    let text = "Country ISO3,Year,Value\n#country+code,#date+year,#indicator+value\nPSE,2020,25.9\n";
    let plan = "layout = 'table'\nindicator = 'x'\n[columns]\narea = 'Country ISO3'\nperiod = 'Year'\nvalue = 'Value'";
    assert_eq!(all(&read("hdx.csv", text.as_bytes(), plan).unwrap()), ["PS 2020 [] = 25.9"]);
}

// ---- ETF ----

const KIESE: &str = "layout = 'kiese'\n[columns]\narea = 'ISO3'\nindicator = 'Indicator'\nsex = 'Sex'\nage = 'Age'\nperiod = 'Year'\n\
    value = 'Value'\nunit = 'Unit'\nnote = 'Source'";
const KIESE_HEADER: [&str; 8] = ["ISO3", "Indicator", "Sex", "Age", "Year", "Value", "Unit", "Source"];

#[test]
fn a_kiese_workbook_is_read_by_the_plans_columns() {
    // design/sources.md:192 (R)
    let row = ["PSE", "Activity rate by sex", "Total", "15+", "2023", "44.2", "%", "LFS"];
    let book = workbook(&[
        ("Read me", &[&["Key indicators"], &["Edition", "2024"]]),
        (
            "Data",
            &[&["KIESE 2024"], &KIESE_HEADER, &row, &["PSE", "NEET", "Female", "15-24", "2023", "'n/a", "%", "LFS"]],
        ),
    ]);
    let figures = read("kiese.xlsx", &book, KIESE).unwrap();
    assert_eq!(all(&figures), ["PS 2023 [15+] = 44.2", "PS 2023 [Female, 15-24] = Missing"]);
    assert_eq!((figures.kept[0].indicator.as_str(), figures.kept[0].unit.as_str()), ("Activity rate by sex", "%"));
}

#[test]
fn a_kiese_workbook_with_other_names_or_further_figures_is_refused_by_row_value_and_expectation() {
    let row = ["PSE", "NEET", "Total", "15+", "2023", "44.2", "%", "LFS"];
    let mut renamed = KIESE_HEADER;
    renamed[4] = "Year of survey";
    let error = refusal("kiese.xlsx", &workbook(&[("Data", &[&["KIESE"], &renamed, &row])]), KIESE);
    assert!(
        error.contains("sheet 'Data', row 2") && error.contains("no 'Year' (did you mean 'Year of survey'?)"),
        "{error}"
    );

    let wide = [KIESE_HEADER.as_slice(), &["Value EU"]].concat();
    let more = [row.as_slice(), &["71.3"]].concat();
    let book = workbook(&[("Data", &[&wide, &more])]);
    let error = refusal("kiese.xlsx", &book, KIESE);
    assert!(error.contains("'Value EU' looks like figures (row 1: '71.3'"), "{error}");
    assert!(read("kiese.xlsx", &book, &format!("ignore = ['Value EU']\n{KIESE}")).is_ok());

    let figures: &[&[&str]] = &[&["2019", "2020", "2021"], &["1", "2", "3"], &["4", "5", "6"]];
    let book = workbook(&[("Data", &[&KIESE_HEADER, &row]), ("NEET", figures)]);
    assert!(refusal("kiese.xlsx", &book, KIESE).contains("sheet 'NEET': holds figures and none of the columns"));
    assert!(refusal("kiese.xlsx", &book, "layout = 'kiese'").contains("no fixed layout"));
}

// ---- Cedefop ----

#[test]
fn cedefops_csv_tables_take_area_and_period_from_the_plan_and_their_own_decimal_sign() {
    // design/sources.md:173 (V real file)
    let text =
        "Occupations;ISCO code;Skill;Value\r\nAssociate professionals;3;Literacy;8,21\r\nClerks;4;Literacy;8,4\r\n";
    let plan = "[columns]\narea = { const = 'ES' }\nperiod = { const = '2014' }";
    let figures = read("f.csv", text.as_bytes(), plan).unwrap();
    assert_eq!(all(&figures), ["ES 2014 [3, Literacy] = 8.21", "ES 2014 [4, Literacy] = 8.4"]);
    assert!(refusal("f.csv", text.as_bytes(), "").contains("does not say its area"));
    // design/sources.md:172 and 685 (V, wording of the header differs)
    let text = "isco_1,isco_4,occupation,score\n2,2512,Software developers,0.83\n";
    let figures =
        read("oja.csv", text.as_bytes(), "[columns]\narea = { const = 'ES' }\nperiod = { const = '2026-05' }").unwrap();
    assert_eq!(all(&figures), ["ES 2026-05 [2512] = 0.83"]);
}

#[test]
fn the_imbalance_table_is_known_by_every_wording_of_its_header_and_a_score_lies_between_0_and_1() {
    // design/sources.md §10.1: the wording of the header differs; §0.2 rule 5: `;` goes with decimal commas
    let plan = "[columns]\nperiod = { const = '2026-05' }";
    for text in [
        "isco1,isco4,label,imbalance\n2,2512,Software developers,0.83\n",
        "ISCO 1 digit,ISCO 4 digit,Occupation,Imbalance score\n2,2512,Software developers,0.83\n",
        "isco_1;isco_4;occupation;score\n2;2512;Software developers;0,83\n",
        "isco_1,isco_4,occupation,score\n2,2512,Software developers,\"0,83\"\n",
    ] {
        let figures = read("oja.csv", text.as_bytes(), plan).unwrap();
        assert_eq!(all(&figures), ["EU27_2020 2026-05 [2512] = 0.83"], "{text}");
    }
    let text = "isco_1,isco_4,occupation,score\n2,2512,Software developers,83\n5,5131,Waiters,-0.1\n7,7212,Welders,1\n";
    let figures = read("oja.csv", text.as_bytes(), plan).unwrap();
    assert_eq!(all(&figures), ["EU27_2020 2026-05 [7212] = 1"]);
    assert_eq!(figures.rejects[0], "column value: '83' is no score of 0 to 1");
    assert_eq!(figures.rejects.len(), 2);
}

#[test]
fn a_score_in_per_cent_and_a_note_under_the_imbalance_table_are_rejected() {
    // design/sources.md §2 (V): scores of 0 to 1, 308 rows
    let plan = "[columns]\nperiod = { const = '2026-05' }";
    let text = "isco_1,isco_4,occupation,score\n2,2512,Software developers,83%\n2,2511,Systems analysts,0.5 %\n\
        5,5131,Waiters,many\n7,7212,Welders,..\n,,Total,0.4\nSource: Cedefop,,,\n";
    let figures = read("oja.csv", text.as_bytes(), plan).unwrap();
    assert_eq!(all(&figures), ["EU27_2020 2026-05 [7212] = Missing", "EU27_2020 2026-05 [] = 0.4"]);
    assert_eq!(figures.rejects.len(), 4);
    assert_eq!(figures.rejects[0], "column value: '83%' is no score of 0 to 1");
    assert!(figures.rejects[3].contains("neither an occupation nor a score"), "{:?}", figures.rejects);
}

#[test]
fn a_column_of_countries_beside_one_area_for_all_is_refused_by_name() {
    let text = "isco_1,isco_4,occupation,country,score\n2,2512,Software developers,ES,0.83\n2,2512,Software developers,IT,0.6\n";
    let plan = "[columns]\nperiod = { const = '2026-05' }\narea = ";
    let error = refusal("oja.csv", text.as_bytes(), &format!("{plan}{{ const = 'EU' }}"));
    assert!(error.contains("column 'country'") && error.contains("area = \"country\""), "{error}");
    let figures = read("oja.csv", text.as_bytes(), &format!("{plan}'country'")).unwrap();
    assert_eq!(all(&figures), ["ES 2026-05 [2512] = 0.83", "IT 2026-05 [2512] = 0.6"]);
}

#[test]
fn cedefops_workbooks_are_recognised_sheet_by_sheet() {
    // design/sources.md:171 (V)
    let years = ["scenario", "country", "occupation name", "code", "2025", "2026"];
    let book = workbook(&[
        ("Readme", &[&["STAS"]]),
        (
            "ameco_1d",
            &[
                &["Title", "STAS"],
                &["Unit", "x"],
                &[],
                &[],
                &[],
                &years,
                &["baseline", "ES", "Professionals", "2", "4100.5", "4200"],
                &["baseline", "ES", "All", "TOT", "21000", ""],
            ],
        ),
        ("ameco_1d_%", &[&years, &["baseline", "ES", "Professionals", "2", "19.5", "19.9"]]),
    ]);
    let figures = read("stas.xlsx", &book, "").unwrap();
    assert_eq!(figures.layout, StatisticsLayout::Cedefop);
    assert_eq!(
        all(&figures)[..4],
        ["ES 2025 [2] = 4100.5", "ES 2026 [2] = 4200", "ES 2025 [] = 21000", "ES 2026 [] = Missing"]
    );
    assert_eq!((figures.kept.len(), figures.kept[4].unit.as_str()), (6, "%"));
    let scenario = &figures.kept[0].breakdown[0];
    assert_eq!((scenario.dimension.as_str(), scenario.item.as_str()), ("scenario", "baseline"));
    let wide = ["scenario", "indicator", "unit", "country", "occupation name", "code", "2025"];
    let book = workbook(&[("ameco_1d", &[&wide, &["baseline", "Openings", "thousands", "EU27", "All", "TOT", "7"]])]);
    let figures = read("stas.xlsx", &book, "").unwrap();
    assert_eq!(all(&figures), ["EU27_2020 2025 [] = 7"]);
    assert_eq!((figures.kept[0].indicator.as_str(), figures.kept[0].unit.as_str()), ("Openings", "thousands"));

    // design/sources.md:170 (V): groups by title alone, a sheet per country
    let header = ["Occupation group (ISCO 2-digit)", "Main occupation in group", "Labour shortage index", "LSI1"];
    let book =
        workbook(&[("Spain", &[&header, &["Health professionals", "Nurses", "3.4", "2"], &["Index from 1 to 4"]])]);
    let figures = read("clssi.xlsx", &book, "[columns]\nperiod = { const = '2026' }").unwrap();
    assert_eq!(all(&figures), ["ES 2026 [22] = 3.4", "ES 2026 [22] = 2"]);

    // design/sources.md:169 (V): the index of 2024, and the older one with merged names over score and rank
    let book = workbook(&[(
        "Scores",
        &[&["Country Code", "Release Year", "Index", "Index Rank"], &["ES", "2024", "42.1", "21"]],
    )]);
    assert_eq!(all(&read("esi.xlsx", &book, "").unwrap()), ["ES 2024 [] = 42.1", "ES 2024 [] = 21"]);
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    sheet.set_name("Scores & Ranks").unwrap();
    sheet.merge_range(0, 1, 0, 2, "Skills activation", &rust_xlsxwriter::Format::new()).unwrap();
    for (column, (kind, value)) in (1_u16..).zip([("Score", 55.5), ("Rank", 7.0)]) {
        sheet.write_string(1, column, kind).unwrap();
        sheet.write_number(2, column, 2020).unwrap();
        sheet.write_number(3, column, value).unwrap();
    }
    sheet.write_string(3, 0, "Spain").unwrap();
    let figures = read("old.xlsx", &writer.save_to_buffer().unwrap(), "").unwrap();
    assert_eq!(all(&figures), ["ES 2020 [] = 55.5", "ES 2020 [] = 7"]);
    assert_eq!(figures.kept[1].indicator, "European skills index: Skills activation, rank");
}

#[test]
fn the_skills_forecast_is_plain_json_whatever_its_name() {
    // design/sources.md:168 and 689 (V)
    let text =
        r#"[{"country_l2":"ES","occupation":"Science and engineering professionals","2015":512,"2035":null},{"x":1}]"#;
    let figures = read("skills2026-country-occupations.json.gz", text.as_bytes(), "").unwrap();
    assert_eq!(all(&figures), ["ES 2015 [21] = 512", "ES 2035 [21] = Missing"]);
    assert_eq!(figures.rejects, ["[1] has no `country_l2`"]);
}

#[test]
fn a_panel_of_qualifications_that_stacks_parts_and_their_total_gives_the_total() {
    // design/sources.md §2 (V): the qualification panel stacks components plus a total
    let text = r#"[{"country_l2":"EU27","qualification":"High","2030":5},{"country_l2":"EU27","qualification":"High","2030":12},
        {"country_l2":"EU27","qualification":"High","2030":7},{"country_l2":"EU27","qualification":"Low","2030":3}]"#;
    let figures = read("skills2026-country-qualifications.json.gz", text.as_bytes(), "").unwrap();
    assert_eq!(all(&figures), ["EU27_2020 2030 [] = 12", "EU27_2020 2030 [] = 3"]);
    let item = &figures.kept[0].breakdown[0];
    assert_eq!((item.dimension.as_str(), item.item.as_str()), ("qualification", "High"));
    assert_eq!(figures.rejects.len(), 2);
    assert!(figures.rejects[0].contains("[0] 2030: '5' stands beside 12"), "{:?}", figures.rejects);
}

// ---- the ministry's template ----

#[test]
fn the_template_is_read_under_arabic_headings_with_arabic_digits() {
    let names: Vec<&str> = labour_ministry::COLUMNS.iter().map(|(_, arabic)| *arabic).collect();
    let text = format!("{}\nمعدل البطالة,نابلس,٢٠٢٤,المهن الأولية,,ذكور,15-24,٢٤٫٥,%,أولي,\n", names.join(","));
    let figures = read("template.csv", text.as_bytes(), "").unwrap();
    assert_eq!(all(&figures), ["PSE-NBS 2024 [9, ذكور, 15-24] = 24.5"]);
    assert_eq!(figures.layout, StatisticsLayout::LabourMinistry);
}

#[test]
fn every_cell_of_the_template_is_held_to_its_domain() {
    let header = "indicator,area,period,occupation,sector,sex,age,value,unit,status,note\n";
    let good =
        "Unemployed,Jenin,2025-Q1,2,,female,15+,1200,persons,,\nUnemployed,Jenin,2025-Q2,,,,,,persons,suppressed,\n";
    for (row, expected) in [
        ("Unemployed,Jenin,spring,,,,,5,persons,,", "row 3, column period: 'spring'"),
        ("Unemployed,Jenin,2025,28x,,,,5,persons,,", "row 3, column occupation: '28x'"),
        ("Unemployed,Jenin,2025,,,boys,,5,persons,,", "row 3, column sex: 'boys'"),
        ("Unemployed,Jenin,2025,,,,young,5,persons,,", "row 3, column age: 'young'"),
        ("Unemployed,Jenin,2025,,,,,5 (est.),persons,,", "row 3, column value: '5 (est.)'"),
        ("Rate,Jenin,2025,,,,,124,%,,", "row 3, column value: '124'"),
        ("Unemployed,Jenin,2025,,,,,,persons,,", "row 3, column value: ''"),
        ("Unemployed,Jenin,2025,,,,,5,persons,missing,", "row 3, column value: '5'"),
        ("Unemployed,Jenin,2025,,,,,5,persons,good,", "row 3, column status: 'good'"),
        ("Unemployed,,2025,,,,,5,persons,,", "row 3, column area: ''"),
        ("Unemployed,Jenin,2025-Q1,2,,Female,15+,1300,persons,,", "differs from '1200' in row 1"),
    ] {
        let figures = read("template.csv", format!("{header}{good}{row}\n").as_bytes(), "").unwrap();
        assert_eq!(all(&figures), ["PSE-JEN 2025-Q1 [2, female, 15+] = 1200", "PSE-JEN 2025-Q2 [] = Suppressed"]);
        assert!(figures.rejects.len() == 1 && figures.rejects[0].contains(expected), "{:?}", figures.rejects);
    }
    let bad = "Unemployed,Jenin,soon,,,,,5,persons,,\n";
    let error = refusal("template.csv", format!("{header}{bad}").as_bytes(), "");
    assert!(error.contains("1 of 1 rows") && error.contains("row 1, column period: 'soon'"), "{error}");
    assert!(refusal("template.csv", header.as_bytes(), "").contains("fill in the template"));
}

// ---- PCBS ----

#[test]
fn a_sheet_per_year_with_arabic_months_gives_a_figure_per_month() {
    // design/sources.md:210 and 715 (V)
    let rows: &[&[&str]] = &[
        &["مؤشرات سوق العمل"],
        &["سنة الأساس 2018"],
        &["المؤشر", "كانون ثاني 2025", "شباط 2025", "المتوسط 2025", "نسبة التغير"],
        &["معدل البطالة", "31.1", "'..", "30.5", "-2.5"],
        &["المشاركة في القوى العاملة", "'44.2*", "44", "44.1", "'-"],
        &["المصدر: الجهاز المركزي للإحصاء الفلسطيني"],
        &["ملاحظة: بيانات أولية"],
    ];
    let months: &[&[&str]] =
        &[&["مؤشرات"], &["المؤشر", "كانون الثاني", "تشرين الأول"], &["معدل البطالة", "25.1", "24.9"]];
    let figures = read("lfs.xlsx", &workbook(&[("2025", rows), ("2024", months)]), "").unwrap();
    assert_eq!(figures.layout, StatisticsLayout::Pcbs);
    assert_eq!(
        all(&figures),
        [
            "PS 2025-01 [] = 31.1",
            "PS 2025-02 [] = Missing",
            "PS 2025 [] = 30.5",
            "PS 2025 [] = -2.5",
            "PS 2025-01 [] = 44.2",
            "PS 2025-02 [] = 44",
            "PS 2025 [] = 44.1",
            "PS 2025 [] = Missing",
            "PS 2024-01 [] = 25.1",
            "PS 2024-10 [] = 24.9",
        ]
    );
    assert_eq!(figures.kept[0].indicator, "معدل البطالة");
    assert_eq!(figures.kept[3].indicator, "معدل البطالة, change");
    assert_eq!(figures.kept[0].note.as_deref(), Some("ملاحظة: بيانات أولية"));
    assert_eq!(figures.kept[4].note.as_deref(), Some("marked by its publisher: 44.2* | ملاحظة: بيانات أولية"));
}

#[test]
fn years_under_blocks_of_regions_are_told_apart_by_area_and_sex() {
    // design/sources.md:211 (V)
    let rows: &[&[&str]] = &[
        &["Unemployed persons (thousand)"],
        &["Region and sex", "2023", "2024**"],
        &["West Bank"],
        &["Males", "1,021.5", "'2,021"],
        &["Females", "38.2", "2020"],
        &["Gaza Strip", "'...", "'-"],
        &["Jenin", "12.1", "14"],
        &["Source: Palestinian Central Bureau of Statistics"],
    ];
    let figures = read("b.xlsx", &workbook(&[("Table 1", rows)]), "").unwrap();
    let found: Vec<_> = figures
        .kept
        .iter()
        .map(|f| (f.area.as_str(), f.sex.as_deref().unwrap_or("-"), f.period.as_str(), f.value.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("West Bank", "Males", "2023", "1,021.5"),
            ("West Bank", "Males", "2024", "2,021"),
            ("West Bank", "Females", "2023", "38.2"),
            ("West Bank", "Females", "2024", "2020"),
            ("Gaza Strip", "-", "2023", "..."),
            ("Gaza Strip", "-", "2024", "-"),
            ("Jenin", "-", "2023", "12.1"),
            ("Jenin", "-", "2024", "14"),
        ]
    );
    assert_eq!(figures.kept[0].unit, "thousand");
    assert!(cleaned(&figures.kept[1]).ends_with("= 2021") && cleaned(&figures.kept[6]).starts_with("PSE-JEN 2023"));
}

#[test]
fn a_second_table_of_a_sheet_is_read_under_its_own_headings() {
    // design/sources.md §4.1 (V): family B, blocks of regions; the cells are invented
    let rows: &[&[&str]] = &[
        &["Projected population"],
        &["Region / Sex", "2023", "2024"],
        &["West Bank"],
        &["Both Sexes", "3256906", "3300000"],
        &["Gaza Strip"],
        &["Both Sexes", "2226544", "2226600"],
        &[],
        &["Percent change"],
        &["Region / Sex", "2023", "2024"],
        &["West Bank"],
        &["Both Sexes", "2.1", "2.2"],
        &[],
        &["Households, 2022"],
        &["Region", "Urban", "Rural"],
        &["Gaza Strip", "31", "32"],
        &["Source: PCBS"],
    ];
    let figures = read("b.xlsx", &workbook(&[("S", rows)]), "").unwrap();
    let found: Vec<_> = figures
        .kept
        .iter()
        .map(|f| format!("{} | {} {} | {} {}", f.indicator, f.area, f.period, f.value, f.unit).trim().to_owned())
        .collect();
    assert_eq!(
        found,
        [
            "Projected population | West Bank 2023 | 3256906",
            "Projected population | West Bank 2024 | 3300000",
            "Projected population | Gaza Strip 2023 | 2226544",
            "Projected population | Gaza Strip 2024 | 2226600",
            "Projected population, change | West Bank 2023 | 2.1 %",
            "Projected population, change | West Bank 2024 | 2.2 %",
            "Households, 2022 | Gaza Strip 2022 | 31",
            "Households, 2022 | Gaza Strip 2022 | 32",
        ]
    );
    assert!(figures.kept[..6].iter().all(|f| f.sector.is_none()) && figures.rejects.is_empty());
    assert_eq!(figures.kept[6].sector.as_deref(), Some("Urban"));
}

#[test]
fn headings_that_are_repeated_within_a_table_leave_its_block_open() {
    let rows: &[&[&str]] = &[
        &["Unemployed persons"],
        &["Values in thousands"],
        &["Region and sex", "2023", "2024"],
        &["Gaza Strip"],
        &["Males", "38", "39"],
        &["Region and sex", "2023", "2024"],
        &["Females", "40", "41"],
        &["West Bank"],
        &["Females", "12", "13"],
        &["Source: PCBS"],
    ];
    let figures = read("b.xlsx", &workbook(&[("S", rows)]), "").unwrap();
    let areas: Vec<&str> = figures.kept.iter().map(|f| f.area.as_str()).collect();
    assert_eq!(areas, ["Gaza Strip", "Gaza Strip", "Gaza Strip", "Gaza Strip", "West Bank", "West Bank"]);
    assert!(figures.kept.iter().all(|f| f.indicator == "Unemployed persons" && f.unit == "thousand persons"));
}

#[test]
fn a_governorate_that_is_not_known_is_rejected_and_no_sector_of_its_region() {
    let rows: &[&[&str]] = &[
        &["Projected population"],
        &["Region", "2023", "2024"],
        &["West Bank"],
        &["Jenin", "332050", "340000"],
        &["Tubas & Northern Valleys", "64719", "65000"],
        &["Nablous", "1", "2"],
        &["Urban", "3", "4"],
        &["Gaza Strip"],
        &["Dier al Balah", "319208", "320000"],
        &["Rafah", "275267", "280000"],
        &["Total", "9", "9"],
        &["Source: PCBS"],
    ];
    let figures = read("b.xlsx", &workbook(&[("S", rows)]), "").unwrap();
    let found = all(&figures);
    assert_eq!(found[0], "PSE-JEN 2023 [] = 332050");
    assert_eq!(found[2], "PSE-TBS 2023 [] = 64719");
    assert_eq!(found[4], "PSE-WB 2023 [Urban] = 3");
    assert_eq!(found[6], "PSE-DEB 2023 [] = 319208");
    assert_eq!(figures.rejects.len(), 2);
    assert!(figures.rejects[0].contains("cell B6") && figures.rejects[0].contains("'Nablous' names no area"));
}

#[test]
fn a_heading_whose_period_is_not_known_refuses_the_table_and_names_the_cell() {
    // design/sources.md §4.1 (V): family A; a sheet named after its year
    let rows: &[&[&str]] = &[
        &["مؤشرات سوق العمل"],
        &["المؤشر", "كانون2 2025", "ايار2025", "ر4 2025"],
        &["معدل البطالة", "31.1", "30.9", "30.5"],
        &["المصدر: الجهاز المركزي للإحصاء الفلسطيني"],
    ];
    let book = workbook(&[("2025", rows)]);
    let error = refusal("lfs.xlsx", &book, "");
    assert!(error.contains("cell D2") && error.contains("'ر4 2025'") && error.contains("`ignore`"), "{error}");
    let figures = read("lfs.xlsx", &book, "ignore = ['ر4 2025']").unwrap();
    assert_eq!(all(&figures), ["PS 2025-01 [] = 31.1", "PS 2025-05 [] = 30.9"]);
}

#[test]
fn a_csv_with_lines_of_metadata_is_read_from_its_first_row_of_headings() {
    // design/sources.md:212 (V)
    let text = "\u{feff}West Bank and Gaza,,,\nValues in thousand,,,\nActivity,2020,2019**,Q1/2020\nConstruction,\"1,250.5\",..,-\nSource: PCBS,,,\n";
    let figures =
        read("legacy.csv", text.as_bytes(), "indicator = 'Employed persons'\nunit = 'thousand persons'").unwrap();
    assert_eq!(
        all(&figures),
        ["PS 2020 [Construction] = 1250.5", "PS 2019 [Construction] = Missing", "PS 2020-Q1 [Construction] = Missing"]
    );
}

#[test]
fn marks_of_a_heading_notes_and_the_unit_above_a_table_go_with_its_figures() {
    // design/sources.md §4.1 (V): time headers `2019**`, a row "Values in …"
    let text = "West Bank and Gaza,,\nValues in thousands,,\nActivity,2018,2019**\nConstruction,1.5,2\n\
        ** Revised data,,\nNote: excludes Jerusalem J1,,\nSource: PCBS,,\n";
    let figures = read("legacy.csv", text.as_bytes(), "indicator = 'Employed persons'").unwrap();
    assert_eq!(all(&figures), ["PS 2018 [Construction] = 1.5", "PS 2019 [Construction] = 2"]);
    assert_eq!(figures.kept[0].unit, "thousand persons");
    assert_eq!(figures.kept[0].note.as_deref(), Some("Note: excludes Jerusalem J1"));
    let marked = "marked by its publisher: 2019** | ** Revised data | Note: excludes Jerusalem J1";
    assert_eq!(figures.kept[1].note.as_deref(), Some(marked));
}

#[test]
fn groups_under_a_heading_of_occupations_are_occupations_and_no_sectors() {
    // design/sources.md §4.1 (V): employed by occupation
    for heading in ["Occupation", "المهنة"] {
        let rows: &[&[&str]] = &[
            &["Employed persons by occupation"],
            &[heading, "2024", "2025"],
            &["Legislators, Senior Officials and Managers", "3.1", "3.2"],
            &["Professionals, Technicians, Associates and Clerks", "30", "31"],
            &["Craft and Related Trade Workers", "15", "16"],
            &["Total", "100", "100"],
            &["Source: PCBS"],
        ];
        let figures = read("occ.xlsx", &workbook(&[("T", rows)]), "").unwrap();
        let of = |at: usize| cleaned(&figures.kept[at]);
        assert_eq!([of(0), of(4), of(6)], ["PS 2024 [1] = 3.1", "PS 2024 [7] = 15", "PS 2024 [] = 100"]);
        let mixed = figures.kept[2].occupation.as_deref();
        assert_eq!(mixed, Some("Professionals, Technicians, Associates and Clerks"));
        assert!(figures.kept.iter().all(|f| f.sector.is_none()));
    }
}

#[test]
fn a_csv_with_a_quote_left_open_and_a_page_without_its_end_are_refused() {
    let text = "Table 1,,\nActivity,2018,2019\nConstruction,1.5,2\n\"Commerce,3,4\nServices,5,6\nSource: PCBS,,\n";
    let error = refusal("legacy.csv", text.as_bytes(), "indicator = 'Employed persons'");
    assert!(error.contains("line 4"), "{error}");
    let page = "<html><head><title>PCBS</title></head><body><h3>Unemployed, 2024</h3><table><tr><th>Region<th>Males</tr>\
        <tr><td>Jenin<td>12.1<tr><td>Nab";
    let error = refusal("page.html", page.as_bytes(), "");
    assert!(error.contains("ends before </html>"), "{error}");
}

#[test]
fn a_saved_page_of_governorates_takes_its_period_from_the_title() {
    // design/sources.md:209 (V that press releases are HTML tables; this table's cells R)
    let page = "<html><head><title>PCBS</title></head><body><h3>معدل البطالة حسب المحافظة والجنس، الربع الثالث 2024</h3><table>\
        <tr><th rowspan=2>المحافظة<th colspan=2>الضفة الغربية</tr><tr><th>ذكور<th>إناث</tr>\
        <tr><td>محافظة نابلس<td>21.5<td>38.0<tr><td>الخليل<td>-<td>33.1<tr><td colspan=3>المصدر: الجهاز</table></body></html>";
    let figures = read("page.html", page.as_bytes(), "").unwrap();
    assert_eq!(
        all(&figures),
        [
            "PSE-NBS 2024-Q3 [ذكور] = 21.5",
            "PSE-NBS 2024-Q3 [إناث] = 38",
            "PSE-HBN 2024-Q3 [ذكور] = Missing",
            "PSE-HBN 2024-Q3 [إناث] = 33.1"
        ]
    );
    let undated = page.replace("الربع الثالث 2024", "");
    let error = refusal("page.html", undated.as_bytes(), "");
    assert!(error.contains("cell B3") && error.contains("period = { const"), "{error}");
}

// ---- SEPE ----

#[test]
fn municipalities_are_added_up_and_withheld_figures_widen_the_sum() {
    // design/sources.md:336-340 (V)
    let text = "PARO REGISTRADO POR MUNICIPIOS;;;;;;;;;;;\r\n\
        Código mes ;mes;Código de CA;Comunidad Autónoma;Codigo Provincia;Provincia;Codigo Municipio; Municipio;total Paro Registrado;Paro hombre edad < 25;Paro Construcción;Paro Sin empleo Anterior\r\n\
        202601;Enero de 2026;9;Cataluña;8;Barcelona;8019;Barcelona;1.000;100;50;7\r\n\
        202601;Enero de 2026;9;Cataluña;8;Barcelona;8001;Abrera;<5;0;<5;\r\n\
        202601;Enero de 2026;9;Cataluña;17;Girona;17079;Girona;30;<5;1;2\r\n\
        202601;Enero de 2026;9;Cataluña;17;Girona;17001;Agullana;dos;1;1;1\r\n\
        Fuente: SEPE;;;;;;;;;;;\r\n";
    let figures = read("paro.csv", &latin1(text), "").unwrap();
    assert_eq!(figures.layout, StatisticsLayout::SepeMunicipal);
    let of = |area: &str| figures.kept.iter().filter(|f| f.area == area).map(cleaned).collect::<Vec<_>>();
    assert_eq!(
        of("Girona"),
        [
            "ES512 2026-01 [] = LowReliability 30",
            "ES512 2026-01 [hombre, <25] = Suppressed",
            "ES512 2026-01 [construccion] = LowReliability 1",
            "ES512 2026-01 [sin empleo anterior] = LowReliability 2"
        ]
    );
    assert_eq!(of("Barcelona")[0], "ES511 2026-01 [] = LowReliability 1000");
    assert_eq!(of("Cataluña")[0], "ES51 2026-01 [] = LowReliability 1030");
    let note = figures.kept.iter().find(|f| f.area == "Cataluña").and_then(|f| f.note.clone()).unwrap();
    let withheld = "1 withheld as <5 and counted as 0: at most 4 more";
    assert_eq!(note, format!("sum of 3 municipalities; {withheld}; rows rejected: 1"));
    assert_eq!(figures.rejects, ["column total Paro Registrado: 'dos' is no count and no '<5'"]);
}

#[test]
fn contracts_are_told_apart_by_kind_sex_and_sector() {
    // design/sources.md:338 (V)
    let text = ";;;;CONTRATOS POR MUNICIPIOS;;;;;;\r\n\
        Código mes ;mes;Código de CA;Comunidad Autónoma;Codigo Provincia;Provincia;Codigo Municipio; Municipio;Total Contratos;Contratos iniciales indefinidos hombres;Contratos  Industria\r\n\
        202601;Enero de 2026;10;Comunitat Valenciana;12;Castellón;12040;Castellón de la Plana;1000;400;90\r\n";
    let figures = read("contratos.csv", &latin1(text), "").unwrap();
    let found: Vec<_> =
        figures.kept.iter().take(3).map(|f| (f.indicator.as_str(), f.sex.as_deref(), f.sector.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("Contratos registrados", None, None),
            ("contratos iniciales indefinidos", Some("hombres"), None),
            ("Contratos registrados", None, Some("industria")),
        ]
    );
}

#[test]
fn a_saved_occupation_page_gives_banners_and_tables_and_an_empty_one_is_no_zero() {
    // design/sources.md:317-327 (V)
    let page = "<h2 class='se-obs--title'><span>CNO-2721: Diseñadores de bases de datos</span> <span>Julio 2026</span></h2>\
        <h4 class='se-databanner--title'>Parados (1) en esta ocupación</h4> <span class='se-databanner--digit'>2.478</span>\
        <h4 class='se-databanner--title'>Contratos en esta ocupación</h4> <span class='se-databanner--digit'>116</span> contratos / <span class='se-databanner--digit'>115</span> personas\
        <table><caption>Parados según sexo y edad</caption><tr><td>Hombre<td>1.945<td>2,86 %<td>15,91 %</table>\
        <table><caption>Distribución geográfica de contratos</caption><tr><th>Provincia<th>Contratos<th>Mensual<th>Anual<tr><td>Girona<td>1<td>-50,00 %<td>0,00 %</table>";
    let figures = read("2721.html", page.as_bytes(), "").unwrap();
    assert_eq!(figures.layout, StatisticsLayout::SepeOccupation);
    let cno = "CNO-2721: Diseñadores de bases de datos";
    assert_eq!(
        all(&figures),
        [
            format!("ES 2026-07 [{cno}] = 2478"),
            format!("ES 2026-07 [{cno}] = 116"),
            format!("ES 2026-07 [{cno}] = 115"),
            format!("ES 2026-07 [{cno}, Hombre] = 1945"),
            format!("ES 2026-07 [{cno}, Hombre] = 2.86"),
            format!("ES 2026-07 [{cno}, Hombre] = 15.91"),
            format!("ES512 2026-07 [{cno}] = 1"),
            format!("ES512 2026-07 [{cno}] = -50"),
            format!("ES512 2026-07 [{cno}] = 0"),
        ]
    );
    assert_eq!(figures.kept[5].indicator, "Parados según sexo y edad, variación anual");
    assert_eq!(
        (figures.kept[2].indicator.as_str(), figures.kept[6].unit.as_str()),
        ("Contratos en esta ocupación: personas", "contracts")
    );
    // design/sources.md:329 (V)
    let shell = "layout = 'sepe_occupation'";
    assert!(refusal("2721.html", b"<html><body><div id='app'></div></body></html>", shell).contains("empty shell"));
    assert!(refusal("2721.html", "<p>no existe ningún documento</p>".as_bytes(), "").contains("not zero"));
}

#[test]
fn a_workbook_or_page_of_nobody_known_is_refused_with_the_next_step() {
    let book = workbook(&[("S", &[&["a", "b"], &["x", "1"]])]);
    assert!(refusal("x.xlsx", &book, "").contains("layout = \"table\""));
    assert!(refusal("x.html", b"<html><table><tr><td>1</table></html>", "").contains("HTML or XML page"));
}

// ---- files of the repository, and real ones ----

/// What goes into a column of the template, for whoever fills it in.
const HELP: [(&str, &str, &str); 11] = [
    (
        "what is counted; the same words in every row of a series",
        "ما يتم قياسه؛ بالصيغة نفسها في كل صفوف السلسلة",
        "Unemployment rate",
    ),
    (
        "country, West Bank, Gaza Strip or governorate",
        "الدولة أو الضفة الغربية أو قطاع غزة أو المحافظة",
        "Nablus / نابلس",
    ),
    ("year, quarter or month: 2025, 2025-Q1, 2025-01", "سنة أو ربع أو شهر: 2025 أو 2025-Q1 أو 2025-01", "2025-Q1"),
    (
        "ISCO-08 code of 1 to 4 digits, or the name of a major or sub-major group; empty = all",
        "رمز ISCO-08 من 1 إلى 4 أرقام أو اسم المجموعة؛ فارغ = الكل",
        "2",
    ),
    (
        "economic activity or another group; empty = all",
        "النشاط الاقتصادي أو مجموعة أخرى؛ فارغ = الكل",
        "Construction / البناء",
    ),
    ("male, female; empty = both", "ذكور أو إناث؛ فارغ = كلا الجنسين", "female / إناث"),
    ("age group: 15-24, 15+; empty = all", "الفئة العمرية: 15-24 أو 15+؛ فارغ = الكل", "15-24"),
    (
        "a number alone; empty only with the status suppressed or missing; 0 means none",
        "رقم فقط؛ يترك فارغا فقط إذا كانت الحالة محجوب أو غير متوفر؛ 0 تعني لا شيء",
        "24.5",
    ),
    (
        "%, persons, thousand persons, ILS a day, ...; a change in per cent is 'percentage change'",
        "%، أشخاص، ألف شخص، شيكل يوميا، ...؛ التغير النسبي: percentage change",
        "%",
    ),
    (
        "normal, provisional, estimated, unreliable, break, suppressed, missing; empty = normal",
        "نهائي، أولي، تقديري، غير موثوق، محجوب، غير متوفر؛ فارغ = نهائي",
        "provisional / أولي",
    ),
    ("source and remarks", "المصدر والملاحظات", "Labour force survey"),
];

/// The template: a sheet to fill in and one that says how.
fn template() -> Vec<u8> {
    let mut book = Writer::new();
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1).unwrap();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name("figures").unwrap().set_freeze_panes(1, 0).unwrap();
    for (column, (english, arabic)) in (0_u16..).zip(labour_ministry::COLUMNS) {
        sheet.write_string_with_format(0, column, format!("{english} / {arabic}"), &bold).unwrap();
        sheet.set_column_width(column, 22).unwrap();
    }
    let help = book.add_worksheet();
    help.set_name("help").unwrap();
    for (column, name) in (0_u16..).zip(["column / العمود", "what goes there", "ما يكتب فيه", "example / مثال"])
    {
        help.write_string_with_format(0, column, name, &bold).unwrap();
        help.set_column_width(column, 48).unwrap();
    }
    for (row, ((english, arabic), (en, ar, example))) in (1_u32..).zip(labour_ministry::COLUMNS.into_iter().zip(HELP)) {
        for (column, text) in (0_u16..).zip([format!("{english} / {arabic}"), en.into(), ar.into(), example.into()]) {
            help.write_string(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// `BLESS=1` writes the files anew.
#[test]
fn the_templates_of_the_repository_are_the_ones_that_are_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/templates");
    let names = labour_ministry::COLUMNS.map(|(english, arabic)| format!("{english} / {arabic}"));
    // Excel shows Arabic in a CSV only behind a byte-order mark.
    let csv = format!("\u{feff}{}\n", names.join(","));
    for (name, made) in
        [("labour_ministry_template.csv", csv.clone().into_bytes()), ("labour_ministry_template.xlsx", template())]
    {
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), &made).unwrap();
        }
        assert!(fs::read(folder.join(name)).unwrap() == made, "{name} is not what this test makes: BLESS=1 writes it");
        assert!(refusal(name, &made, "").contains("fill in the template"), "{name}");
    }
    let filled = format!("{csv}Rate,Hebron,2025,,,,,24.5,%,,\n");
    assert_eq!(all(&read("filled.csv", filled.as_bytes(), "").unwrap()), ["PSE-HBN 2025 [] = 24.5"]);
}

/// A real file beside the repository; absent where there is none, unless `REQUIRE_SHARED` is set.
fn shared(name: &str) -> Option<Vec<u8>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/statistics").join(name);
    let bytes = fs::read(&path).ok();
    assert!(bytes.is_some() || std::env::var_os("REQUIRE_SHARED").is_none(), "{} is absent", path.display());
    if bytes.is_none() {
        eprintln!("skipped: {} is absent", path.display());
    }
    bytes
}

#[test]
fn the_real_file_of_cedefop_is_read_to_the_last_row() {
    if let Some(bytes) = shared("cedefop/foundation_skills.csv") {
        let plan = "[columns]\narea = { const = 'ES' }\nperiod = { const = '2014' }";
        let figures = read("foundation_skills.csv", &bytes, plan).unwrap();
        assert_eq!((figures.kept.len(), figures.rejects.len()), (36, 0));
        assert_eq!(cleaned(&figures.kept[0]), "ES 2014 [3, Foreign language skills] = 8.21");
    }
}
