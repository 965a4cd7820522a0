//! What a heading or label of a Palestinian table names: an area, a period, a sex, an age group, or something else. Names
//! of areas are data: `data/reference/areas.csv`.

use crate::acquire::figures::ascii_digits;
use crate::acquire::isco_titles::code_of;
use crate::acquire::periods::period_of;
use crate::lexicon::normal::fold;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../../data/reference/areas.csv");
/// Names of Palestine, its two territories and its governorates.
static AREAS: LazyLock<BTreeSet<String>> = LazyLock::new(|| areas(&["country", "territory", "governorate"]));
static GOVERNORATES: LazyLock<BTreeSet<String>> = LazyLock::new(|| areas(&["governorate"]));

const SEXES: &str = "male|males|men|female|females|women|both sexes|ذكر|ذكور|الذكور|انثي|اناث|الاناث|كلا الجنسين";
/// Labels that tables list with areas and that are none: sums and kinds of places.
const BESIDE_AREAS: &str = "total|all|urban|rural|camp|camps|refugee camps|المجموع|المجموع الكلي|الاجمالي|حضر|الحضر|ريف|\
                            الريف|مخيم|مخيمات|المخيمات";
/// How a row begins that is no data.
const NOTES: [&str; 12] =
    ["المصدر", "ملاحظه", "ملاحظات", "* ", "*:", "source", "note", "notes", "(-)", "(1)", "(*)", "- :"];

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    Area(String),
    /// ISO 8601.
    Period(String),
    Sex(String),
    Age(String),
    /// A change against an earlier period.
    Change,
    Other(String),
}

/// Classifies a label; `year` stands in for months and quarters without one.
pub(super) fn label_of(text: &str, year: Option<&str>) -> Label {
    let text = text.trim().trim_end_matches('*').trim();
    if let Some(period) = period_of(text, year) {
        return Label::Period(period);
    }
    let folded = plain(text);
    match () {
        () if is_area(&folded) => Label::Area(text.to_owned()),
        () if SEXES.split('|').any(|sex| sex == folded) => Label::Sex(text.to_owned()),
        () if is_age(&folded) => Label::Age(text.to_owned()),
        () if ["نسبه التغير", "percent change", "% change", "change"].iter().any(|word| folded.starts_with(word)) => {
            Label::Change
        }
        () => Label::Other(text.to_owned()),
    }
}

/// Whether a row that begins so is a source or a note.
pub(super) fn is_note(text: &str) -> bool {
    let folded = fold(text);
    NOTES.iter().any(|start| folded.starts_with(start)) || folded.starts_with('*') && folded.len() > 2
}

/// Whether a note says something of the figures: not where they come from, nor what a sign for a missing one means.
pub(super) fn is_remark(text: &str) -> bool {
    let folded = fold(text);
    is_note(text) && ["ملاحظ", "note", "*"].iter().any(|start| folded.starts_with(start))
}

/// The unit that a line above a table names: `Values in thousands` are persons.
pub(super) fn unit_said(line: &str) -> Option<String> {
    let folded = plain(line);
    let unit = ["values in ", "value in "].iter().find_map(|start| folded.strip_prefix(start))?.trim();
    let unit = match unit {
        "thousand" | "thousands" | "000" | "000s" => "thousand persons",
        other => other,
    };
    (!unit.is_empty()).then(|| unit.to_owned())
}

/// Whether a heading says that the labels under it are groups of occupations.
pub(super) fn is_occupation_heading(text: &str) -> bool {
    matches!(
        plain(text).as_str(),
        "المهنه" | "المهن" | "occupation" | "occupations" | "main occupation" | "occupation group"
    )
}

/// The ISCO-08 major group of a title, also where the office words it as in ISCO-88. Its group of professionals,
/// technicians, associates and clerks is three of them together and has none.
pub(super) fn occupation_code(title: &str) -> Option<&'static str> {
    code_of(title).or_else(|| match plain(&title.replace(',', "")).as_str() {
        "legislators senior officials and managers" | "legislators senior officials & managers" => Some("1"),
        "skilled agricultural and fishery workers" | "skilled agricultural & fishery workers" => Some("6"),
        "craft and related trade workers" | "craft & related trade workers" => Some("7"),
        _ => None,
    })
}

/// Whether the corner above the labels says that they are indicators.
pub(super) fn is_indicator_heading(text: &str) -> bool {
    matches!(
        plain(text).as_str(),
        "المؤشر" | "الموشر" | "البيان" | "المؤشرات" | "الموشرات" | "indicator" | "indicators" | "item"
    )
}

/// The part of the country a title is about.
pub(super) fn area_in(title: &str) -> &'static str {
    let folded = fold(title);
    let west_bank = folded.contains("west bank") || folded.contains("الضفه الغربيه");
    let gaza = folded.contains("gaza") || folded.contains("غزه");
    match (west_bank, gaza) {
        (true, false) => "West Bank",
        (false, true) => "Gaza Strip",
        _ => "Palestine",
    }
}

/// Whether a label names a governorate. Gaza alone may stand for the Strip.
pub(super) fn is_governorate(label: &str) -> bool {
    let folded = plain(label.trim().trim_end_matches('*'));
    !matches!(folded.as_str(), "gaza" | "غزه") && is_among(&GOVERNORATES, &folded)
}

/// Whether a label is one of a sum or a kind of places, which stand among names of areas.
pub(super) fn stands_beside_areas(label: &str) -> bool {
    let folded = plain(label);
    BESIDE_AREAS.split('|').any(|name| name == folded)
}

fn is_area(folded: &str) -> bool {
    is_among(&AREAS, folded)
}

fn is_among(names: &BTreeSet<String>, folded: &str) -> bool {
    let name = folded.replace(" & ", " and ");
    let bare = name.trim_end_matches(" governorate").trim_start_matches("محافظه ").trim_start_matches("the ");
    names.contains(name.as_str()) || names.contains(bare)
}

fn is_age(folded: &str) -> bool {
    let text = ascii_digits(folded);
    let bare = text.trim_end_matches(" years").trim_end_matches(" سنه").trim_end_matches(" and above").trim();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    (2..=4).contains(&digits)
        && bare.len() <= 7
        && (bare.contains('-') || bare.ends_with('+') || bare.len() < text.len())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' '))
}

fn plain(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(':').to_owned()
}

/// Names of the Palestinian areas of these kinds.
fn areas(kinds: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(TABLE.as_bytes());
    for row in reader.records().flatten() {
        let is_wanted = row.get(0).is_some_and(|code| code.starts_with("PS"))
            && row.get(1).is_some_and(|kind| kinds.contains(&kind));
        let aliases = row.get(7).filter(|_| is_wanted).unwrap_or_default().split('|');
        let labels = (3..=6).filter_map(|at| row.get(at)).filter(|_| is_wanted);
        let spelt = labels.chain(aliases).map(|name| plain(name).replace(" & ", " and "));
        names.extend(spelt.filter(|name| name.chars().count() > 2));
    }
    names
}

/// Whether a text names the statistics office.
pub(in crate::acquire) fn is_signed(text: &str) -> bool {
    ["الجهاز المركزي للإحصاء الفلسطيني", "Palestinian Central Bureau of Statistics", "PCBS"]
        .iter()
        .any(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offices_groups_of_occupations_have_the_codes_of_isco_08_where_they_are_one_group() {
        for (title, code) in [
            ("Legislators, Senior Officials and Managers", Some("1")),
            ("Professionals, Technicians, Associates and Clerks", None),
            ("Service and Sales Workers", Some("5")),
            ("Skilled Agricultural and Fishery Workers", Some("6")),
            ("Craft and Related Trade Workers", Some("7")),
            ("Plant and Machine Operators and Assemblers", Some("8")),
            ("Elementary Occupations", Some("9")),
        ] {
            assert_eq!(occupation_code(title), code, "{title}");
        }
    }

    #[test]
    fn governorates_are_known_by_every_spelling_and_are_neither_the_country_nor_a_territory() {
        for name in ["Jenin", "Tubas & Northern Valleys", "Ramallah & Al-Bireh", "Dier al Balah", "محافظة نابلس"]
        {
            assert!(is_governorate(name) && matches!(label_of(name, None), Label::Area(_)), "{name}");
        }
        for name in ["Palestine", "West Bank", "الضفة الغربية", "Gaza", "Urban", "Construction"] {
            assert!(!is_governorate(name), "{name}");
        }
        assert!(matches!(label_of("West Bank & Gaza Strip", None), Label::Area(_)));
        assert!(stands_beside_areas("Total") && stands_beside_areas("الإجمالي") && !stands_beside_areas("Jeninn"));
    }

    #[test]
    fn a_line_of_metadata_names_the_unit() {
        assert_eq!(unit_said("Values in thousands").as_deref(), Some("thousand persons"));
        assert_eq!(unit_said("Values in NIS").as_deref(), Some("nis"));
        assert_eq!(unit_said("West Bank and Gaza"), None);
    }
}
