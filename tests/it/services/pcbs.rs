//! sources.md §4.1, §10 rows 18 and 26, §10.1: home page with workbooks under `/media/<hash>/<slug>.xlsx`, press releases as
//! HTML tables, old routes that redirect to the home page (V, P1, P3, P4, P6). The workbook of labour indicators has the
//! layout of family A (V); its name, and the cells of the tables, are invented.

use super::{Asked, Case, Reply};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

const HOME: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Palestinian Central Bureau of Statistics</title></head><body>
<nav><a href="/en/publications/">Publications</a> <a href="/en/reference/report-history/">Reports</a> <a href="/en/reference/terms-of-use/">Terms of use</a></nav>
<ul><li><a href="/media/mjuiee2o/estimated-population-growth-rate-in-palestine.xlsx">Estimated population growth rate in Palestine</a></li>
{POPULATION}
<li><a href="/en/post-details/?postId=23457">Labour force survey, fourth quarter 2025</a></li></ul></body></html>"#;
const POPULATION: &str = r#"<li><a href="/media/f4np1lnh/projected-population-in-the-palestine.xlsx">Projected population in Palestine</a></li>"#;

const PUBLICATIONS: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Publications</title></head><body><ul>
<li><a href="/media/q7x0b2ka/labour-market-indicators.xlsx">مؤشرات سوق العمل</a> <a href="/media/q7x0b2ka/book2710-2025.pdf">PDF</a></li>
<li><a href="/downloads/zip/2710-x.zip">Tables of the book</a></li></ul></body></html>"#;

const RELEASE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Palestinian Central Bureau of Statistics</title></head><body>
<h1>Labour Force Survey, fourth quarter 2025</h1>
<p>The results are estimates for the population aged 15 years and above.</p>
<h3>Unemployment rate by region and sex, Q4 2025</h3>
<table><thead><tr><th>Region</th><th>Males</th><th>Females</th><th>Both sexes</th></tr></thead><tbody>
<tr><td>West Bank</td><td>27.4</td><td>30.9</td><td>28.1</td></tr>
<tr><td>Jenin</td><td>33.8</td><td>36.2</td><td>34.3</td></tr>
<tr><td>Hebron</td><td>24.6</td><td>29.5</td><td>25.4</td></tr>
<tr><td>Gaza Strip</td><td>..</td><td>..</td><td>-</td></tr>
<tr><td colspan="4">Source: Palestinian Central Bureau of Statistics</td></tr></tbody></table>
<h3>Employed persons in the West Bank by economic activity and sex, fourth quarter 2025 (thousand)</h3>
<table><tr><th>Activity</th><th>Males</th><th>Females</th></tr>
<tr><td>Construction</td><td>98.2</td><td>1.1</td></tr>
<tr><td>Commerce, hotels and restaurants</td><td>142.7</td><td>19.6</td></tr>
<tr><td>Services and other branches</td><td>131.5</td><td>96.3</td></tr></table></body></html>"#;

pub fn cases() -> Vec<Case> {
    let case = Case {
        service: "pcbs",
        kind: "statistics",
        base_path: "",
        ask: "",
        source: "",
        reply,
        questions: 0,
        kept: 0,
        rejected: 0,
        shows: &[],
    };
    vec![
        Case {
            ask: "slug = ['projected-population-in-the-palestine', 'labour-market-indicators']\n\
                  page = '/en/publications/'\nrelease = '23457'",
            // Home page, publications, two workbooks, one release.
            questions: 5,
            // Population: 5 rows by 3 years. Indicators: 2 rows by 4 columns and 1 row by 2. Release: 4 rows by 3 and 3 by 2.
            kept: 43,
            shows: &["معدل البطالة", "2025-01", "2024-10", "30.5", "PSE-GS", "PSE-JEN", "2025-Q4", "142.7", "1702345"],
            ..case
        },
        Case {
            ask: "slug = 'projected-population-in-the-palestine'\n\
                  fallback = '/media/f4np1lnh/projected-population-in-the-palestine.xlsx'",
            reply: without_link,
            questions: 2,
            kept: 15,
            shows: &["2026", "1702345"],
            ..case
        },
    ]
}

/// The site once the home page no longer links the workbook of the population.
fn without_link(asked: &Asked) -> Reply {
    if asked.path == "/" { page(&HOME.replace("{POPULATION}", "")) } else { reply(asked) }
}

fn reply(asked: &Asked) -> Reply {
    const SHEETS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/") if asked.query("lang") == Some("en") => page(&HOME.replace("{POPULATION}", POPULATION)),
        // Arabic is the site's own language.
        ("GET", "/") => {
            page("<html lang=\"ar\" dir=\"rtl\"><body><h1>الجهاز المركزي للإحصاء الفلسطيني</h1></body></html>")
        }
        ("GET", "/en/publications/") => page(PUBLICATIONS),
        ("GET", "/en/post-details/") if asked.query("postId") == Some("23457") => page(RELEASE),
        ("GET", "/media/f4np1lnh/projected-population-in-the-palestine.xlsx") => Reply::new(200, SHEETS, population()),
        ("GET", "/media/q7x0b2ka/labour-market-indicators.xlsx") => Reply::new(200, SHEETS, indicators()),
        // Old routes, and posts there are not, end on the home page.
        ("GET", "/statisticsIndicatorsTables.aspx" | "/en/post-details/") => {
            Reply::new(302, "text/html", "").with("location", &format!("{}/?lang=en", asked.base))
        }
        _ => Reply::new(404, "text/html; charset=utf-8", "<html><body><h1>Page not found</h1></body></html>"),
    }
}

fn page(text: &str) -> Reply {
    Reply::new(200, "text/html; charset=utf-8", text)
}

/// Family B: a merged title, a header of years, blocks of regions.
fn population() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Population").unwrap();
    let title = "Projected Mid-Year Population in Palestine by Region and Sex";
    sheet.merge_range(0, 0, 0, 3, title, &Format::new()).unwrap();
    put(sheet, 1, &["Region and sex", "2024", "2025", "2026"]);
    put(sheet, 2, &["West Bank"]);
    put(sheet, 3, &["Males", "1702345", "1741200", "1780611"]);
    put(sheet, 4, &["Females", "1645120", "1683090", "1721544"]);
    put(sheet, 5, &["Gaza Strip"]);
    put(sheet, 6, &["Males", "1110230", "1090417", ".."]);
    put(sheet, 7, &["Females", "1079640", "1063388", ".."]);
    put(sheet, 8, &["Palestine", "5537335", "5578095", "..."]);
    put(sheet, 9, &["Source: Palestinian Central Bureau of Statistics"]);
    book.save_to_buffer().unwrap()
}

/// Family A: a sheet per year, Arabic months across, an average and a change, notes below.
fn indicators() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("2025").unwrap();
    put(sheet, 0, &["مؤشرات سوق العمل الرئيسية"]);
    put(sheet, 1, &["سنة الأساس 2018"]);
    put(sheet, 2, &["المؤشر", "كانون ثاني 2025", "شباط 2025", "المتوسط 2025", "نسبة التغير"]);
    put(sheet, 3, &["معدل البطالة", "31.1", "..", "30.5", "-2.5"]);
    put(sheet, 4, &["نسبة المشاركة في القوى العاملة", "44.2", "44", "44.1", "-"]);
    put(sheet, 5, &["المصدر: الجهاز المركزي للإحصاء الفلسطيني"]);
    put(sheet, 6, &["ملاحظة: بيانات أولية"]);
    let sheet = book.add_worksheet().set_name("2024").unwrap();
    put(sheet, 0, &["مؤشرات سوق العمل الرئيسية"]);
    put(sheet, 1, &["سنة الأساس 2018"]);
    put(sheet, 2, &["المؤشر", "كانون الثاني", "تشرين الأول"]);
    put(sheet, 3, &["معدل البطالة", "25.1", "24.9"]);
    put(sheet, 4, &["المصدر: الجهاز المركزي للإحصاء الفلسطيني"]);
    book.save_to_buffer().unwrap()
}

/// Cells of a row; what reads as a number is one.
fn put(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0..).zip(cells) {
        match text.parse::<f64>() {
            Ok(number) => sheet.write_number(row, column, number).unwrap(),
            Err(_) => sheet.write_string(row, column, *text).unwrap(),
        };
    }
}
