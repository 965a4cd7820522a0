//! Spain's employment service (SEPE), a page of the occupation observatory saved as HTML: registered job seekers and
//! contracts of one CNO-11 group in one month. Captions are what stays the same from page to page.

use crate::acquire::error::excerpt;
use crate::acquire::figures::is_figure;
use crate::acquire::html_tables::{Page, PageTable};
use crate::acquire::open::Document;
use crate::acquire::periods::period_of;
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::lexicon::normal::fold;
use crate::types::{NumberStyle, RawObservation, RejectReason};

/// Takes a figure, or the reason why there is none.
type Keep<'k> = &'k mut dyn FnMut(Result<RawObservation, String>);

/// What every figure of a page shares.
struct Head {
    occupation: String,
    period: String,
}

/// Reads figures. The occupation is a group of CNO-11, not of ISCO-08, and so stands as a classification item.
///
/// # Errors
/// When the page says that nothing was published, which is not zero, or is an empty shell.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let (text, _) = document.whole_text(Markup::Expected)?;
    let page = Page::of(&input.file, &text)?;
    // The sentence may stand hidden in a page that has tables.
    if page.texts("caption").is_empty() && fold(&page.texts("body").concat()).contains("no existe ningun documento") {
        let problem = "says that no document exists: nothing was published for this month, which is not zero";
        return Err(AcquireError::content(&input.file, problem, "take the page out of the plan"));
    }
    let head = head(input, &page)?;
    let mut number = 0;
    let mut keep = |figure: Result<RawObservation, String>| {
        number += 1;
        sink(match figure.and_then(whole) {
            Ok(figure) => Record::Kept(RawObservation {
                indicator: ask.indicator.map_or(figure.indicator.clone(), |i| format!("{i}: {}", figure.indicator)),
                period: head.period.clone(),
                sector: Some(head.occupation.clone()),
                numbers: NumberStyle::Comma,
                origin: input.origin(number),
                ..figure
            }),
            Err(detail) => input.reject(number, RejectReason::BadValue, detail),
        });
    };
    banners(input, &page, &mut keep);
    let captions = page.texts("caption");
    for table in page
        .tables
        .iter()
        .filter(|table| fold(&table.title).contains("parados") || fold(&table.title).contains("contrat"))
    {
        if !figures(input, table, &mut keep) && captions.contains(&table.title) {
            keep(Err(format!("table '{}' holds no figure: it is half a page", table.title)));
        }
    }
    Ok(())
}

/// A count has no fraction: `9,912` is one as another language writes it, and would pass for ten persons.
fn whole(figure: RawObservation) -> Result<RawObservation, String> {
    let fraction = figure.value.rsplit_once(',').map(|(_, rest)| rest.trim());
    let is_whole = fraction.is_none_or(|rest| rest.len() != 3 && rest.bytes().all(|b| b == b'0'));
    if figure.unit == "%" || is_whole {
        return Ok(figure);
    }
    Err(format!("{}: '{}' is no whole count", figure.indicator, excerpt(&figure.value)))
}

fn head(input: &Input, page: &Page) -> Result<Head, AcquireError> {
    let spans = page.texts(".se-obs--title span");
    let occupation = spans.iter().find(|text| text.starts_with("CNO-"));
    let period = spans.iter().find_map(|text| period_of(text, None));
    match (occupation, period) {
        (Some(occupation), Some(period)) => Ok(Head { occupation: occupation.clone(), period }),
        _ => {
            let problem = "is a page without the heading of an occupation and its month: an empty shell";
            Err(AcquireError::content(
                &input.file,
                problem,
                "open the page again, wait until it shows figures, save it",
            ))
        }
    }
}

/// A figure of a banner and the word behind it.
type Digit = (String, String);

/// Titles and figures in the order of the page: a figure belongs to the last title before it.
fn banners(input: &Input, page: &Page, keep: Keep<'_>) {
    let mut titles = page.texts(".se-databanner--title").into_iter().peekable();
    let mut banners: Vec<(String, Vec<Digit>)> = Vec::new();
    let texts = page.texts(".se-databanner--title, .se-databanner--digit");
    let words = words_behind(&page.texts("body").concat(), &texts);
    for (text, word) in texts.into_iter().zip(words) {
        if titles.next_if_eq(&text).is_some() {
            banners.push((text, Vec::new()));
        } else if let Some((_, digits)) = banners.last_mut() {
            digits.push((text, word));
        } else {
            keep(Err(format!("banner: the figure '{}' stands under no title", excerpt(&text))));
        }
    }
    for (title, digits) in &banners {
        banner(input, title, digits, keep);
    }
}

/// The first word between each of these texts and the next one, in the body of the page that holds them in this order.
fn words_behind(body: &str, texts: &[String]) -> Vec<String> {
    let body = format!(" {body} ");
    let (mut at, mut places) = (0, Vec::new());
    for text in texts {
        let sought = format!(" {text} ");
        let found = body.get(at..).and_then(|rest| rest.find(&sought)).map(|from| at + from);
        at = found.map_or(at, |from| from + sought.len() - 1);
        places.push(found.map_or((body.len(), body.len()), |from| (from, at)));
    }
    let nexts = places.iter().skip(1).map(|(from, _)| *from).chain([body.len()]);
    let between = places.iter().zip(nexts).map(|((_, end), next)| body.get(*end..next).unwrap_or_default());
    let is_word = |word: &&str| word.contains(char::is_alphabetic);
    between.map(|text| text.split_whitespace().find(is_word).unwrap_or_default().to_owned()).collect()
}

/// Counts of a banner, told apart.
#[derive(Default)]
struct Counts<'d> {
    /// What the title names.
    own: Option<&'d str>,
    /// Persons, under a title of contracts.
    persons: Option<&'d str>,
    unexplained: Vec<&'d str>,
}

impl<'d> Counts<'d> {
    /// "116 contratos / 115 personas", in either order: of several counts of contracts each needs its word.
    fn of(digits: &[&'d Digit], is_of_contracts: bool) -> Self {
        let is = |(_, word): &Digit, name: &str| fold(word).trim_end_matches('s') == name;
        let figures = |digits: &[&'d Digit]| digits.iter().map(|(figure, _)| figure.as_str()).collect::<Vec<_>>();
        let (persons, others): (Vec<&Digit>, Vec<&Digit>) =
            digits.iter().copied().partition(|digit| is_of_contracts && is(digit, "persona"));
        match (others.as_slice(), persons.as_slice()) {
            ([own], [person]) if is(own, "contrato") => {
                Self { own: Some(&own.0), persons: Some(&person.0), unexplained: Vec::new() }
            }
            ([own], []) => Self { own: Some(&own.0), ..Self::default() },
            ([], [person]) => Self { persons: Some(&person.0), ..Self::default() },
            ([own, further @ ..], []) if !is_of_contracts => {
                Self { own: Some(&own.0), persons: None, unexplained: figures(further) }
            }
            _ => Self { unexplained: figures(digits), ..Self::default() },
        }
    }
}

/// A title and what stands under it: a count or nothing, persons beside a count of contracts, a change in per cent.
fn banner(input: &Input, title: &str, digits: &[Digit], keep: Keep<'_>) {
    let name = bare(title);
    let figure = |indicator: String, value: &str, unit: &str| RawObservation {
        indicator,
        area: "España".to_owned(),
        value: value.trim_end_matches('%').trim().to_owned(),
        unit: unit.to_owned(),
        ..RawObservation::at(input.origin(0))
    };
    if fold(&name).contains("variacion") {
        digits.iter().for_each(|(digit, _)| keep(Ok(figure(name.clone(), digit, "%"))));
        return;
    }
    let (changes, counts): (Vec<&Digit>, Vec<&Digit>) = digits.iter().partition(|(digit, _)| digit.contains('%'));
    let counts = Counts::of(&counts, unit(title) == "contracts");
    if counts.own.is_some() || counts.unexplained.is_empty() {
        let count = counts.own.unwrap_or_default();
        let status = count.is_empty().then(|| "missing".to_owned());
        keep(Ok(RawObservation { status, ..figure(name.clone(), count, unit(title)) }));
    }
    if let Some(persons) = counts.persons {
        keep(Ok(figure(format!("{name}: personas"), persons, "persons")));
    }
    if let Some((change, _)) = changes.first() {
        keep(Ok(figure(format!("{name}, variación"), change, "%")));
    }
    let further = changes.iter().skip(1).map(|(change, _)| change.as_str());
    for unexplained in counts.unexplained.iter().copied().chain(further) {
        keep(Err(format!("banner '{name}': nothing says what the figure '{}' is", excerpt(unexplained))));
    }
}

/// What a column of figures holds.
struct Column {
    /// Behind the title of the table; empty for what the title names.
    suffix: String,
    /// Its figures may be percentages, as changes and shares are.
    is_percent: bool,
    sex: Option<String>,
}

impl Column {
    /// By its names, from the top; without one by its place: a figure, then its changes against a month and a year before.
    fn of(names: &[String], at: usize, main: &str) -> Self {
        let sex = names.iter().find(|name| is_sex(name)).cloned();
        let name = name_of(names);
        let folded = fold(&name);
        let change = match () {
            () if folded.contains("variacion") => Some(name.clone()),
            () if folded.contains("mensual") || folded.contains("anual") => Some(format!("variación {name}")),
            () if !names.is_empty() || at == 0 => None,
            () if at == 1 => Some("variación mensual".to_owned()),
            () if at == 2 => Some("variación anual".to_owned()),
            () => Some(format!("variación, columna {}", at + 1)),
        };
        let is_percent = names.iter().any(|name| name.contains('%') || fold(name).contains("porcentaje"));
        if let Some(change) = change {
            let is_percent = is_percent || !folded.contains("absolut");
            return Self { suffix: format!(", {change}"), is_percent, sex };
        }
        let suffix = if at == 0 || name.is_empty() || name == main { String::new() } else { format!(": {name}") };
        Self { suffix, is_percent, sex }
    }
}

/// Names of a column without its sex and the words that stand for both.
fn name_of(names: &[String]) -> String {
    let is_own = |name: &&String| !is_sex(name) && fold(name) != "total";
    let own: Vec<String> = names.iter().filter(is_own).map(|name| name.replace('%', " ").to_lowercase()).collect();
    own.iter().flat_map(|name| name.split_whitespace()).collect::<Vec<_>>().join(" ")
}

fn is_sex(name: &str) -> bool {
    let folded = fold(name);
    ["hombre", "mujer", "varon"].iter().any(|sex| folded.starts_with(*sex))
}

fn is_age(label: &str) -> bool {
    label.contains(|c: char| c.is_ascii_digit()) && label.len() <= 8
}

/// Whether a cell says that there is no figure.
fn is_absent(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "n/d" | "n.d." | "nd" | "s/d" | "no disponible")
}

/// Whether a row holds figures or, under columns that have names, the places where they are missing. The title of a
/// section stands alone or spans its row.
fn is_data(label: &str, values: &[String], is_named: bool, by_area: bool) -> bool {
    let is_item = !label.is_empty() && (by_area || is_sex(label) || is_age(label));
    match values {
        [] => is_named && is_item,
        _ => values.iter().any(|value| is_figure(value) || is_absent(value)),
    }
}

/// Whether anything says what the columns hold.
fn are_named(headings: &[Vec<String>]) -> bool {
    headings.iter().any(|names| !names.is_empty())
}

/// Names over the columns of figures, in the rows above the first figures, and the first row of these.
fn headings(table: &PageTable, by_area: bool) -> (Vec<Vec<String>>, u32) {
    let mut names: Vec<Vec<String>> = Vec::new();
    for row in table.grid.row_numbers() {
        let cells = table.grid.names(row);
        let Some((first, heads)) = cells.split_first() else { continue };
        if is_data(first, heads, are_named(&names), by_area) {
            return (names, row);
        }
        names.resize(names.len().max(heads.len()), Vec::new());
        for (names, head) in names.iter_mut().zip(heads) {
            // The heading of a section that spans the table ("Por sexo") names no column.
            if !head.is_empty() && head != first && !names.contains(head) {
                names.push(head.clone());
            }
        }
    }
    (names, u32::MAX)
}

/// One table: a label, then figures and their changes. Says whether it holds a figure, or a place where one is missing.
fn figures(input: &Input, table: &PageTable, keep: Keep<'_>) -> bool {
    let title = &table.title;
    let by_area = fold(title).contains("geografica") && fold(title).contains("distribucion");
    let (headings, first) = headings(table, by_area);
    let (is_named, width) = (are_named(&headings), headings.len() + 1);
    let main = headings.first().map(|names| name_of(names)).unwrap_or_default();
    let mut found = false;
    for row in table.grid.row_numbers().filter(|row| *row >= first) {
        let cells = table.grid.names(row);
        let Some((label, values)) = cells.split_first().filter(|(label, _)| !label.is_empty()) else { continue };
        if !is_data(label, values, is_named, by_area) {
            continue;
        }
        found = true;
        if is_named && cells.len() > width {
            keep(Err(format!("table '{title}', row '{label}' has {} cells, its header {width}", cells.len())));
            continue;
        }
        for at in 0..values.len().max(headings.len()) {
            let value = values.get(at).map(String::as_str).unwrap_or_default();
            let names = headings.get(at).map(Vec::as_slice).unwrap_or_default();
            if value.is_empty() && names.is_empty() {
                continue;
            }
            let column = Column::of(names, at, &main);
            if value.contains('%') && !column.is_percent {
                let value = excerpt(value);
                keep(Err(format!("table '{title}', row '{label}': '{value}' is a percentage, a count was expected")));
                continue;
            }
            let is_missing = value.is_empty() || is_absent(value);
            let value = if is_missing { "" } else { value.trim_end_matches('%').trim() };
            let figure = RawObservation {
                indicator: format!("{title}{}", column.suffix),
                value: value.to_owned(),
                status: is_missing.then(|| "missing".to_owned()),
                unit: if column.is_percent { "%".to_owned() } else { unit(title).to_owned() },
                sex: column.sex,
                ..RawObservation::at(input.origin(0))
            };
            keep(Ok(if by_area {
                RawObservation { area: label.clone(), ..figure }
            } else {
                item(label, RawObservation { area: "España".to_owned(), ..figure })
            }));
        }
    }
    found
}

/// A label is a sex, an age group, or says what was counted.
fn item(label: &str, figure: RawObservation) -> RawObservation {
    let folded = fold(label);
    match () {
        () if is_sex(label) => RawObservation { sex: Some(label.to_owned()), ..figure },
        () if folded.starts_with("total") => figure,
        () if is_age(label) => RawObservation { age: Some(label.to_owned()), ..figure },
        () => RawObservation { indicator: format!("{}: {label}", figure.indicator), ..figure },
    }
}

/// A title without its footnote marks.
fn bare(title: &str) -> String {
    title
        .split('(')
        .map(|part| part.split_once(')').map_or(part, |(_, rest)| rest).trim())
        .collect::<Vec<_>>()
        .join(" ")
}

fn unit(title: &str) -> &'static str {
    if fold(title).contains("contrat") { "contracts" } else { "persons" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};
    use std::io::Cursor;

    /// `indicator [sex] value unit` of each figure of a page with this in its body, then why others were rejected.
    fn figures_of(body: &str) -> Result<Vec<String>, String> {
        let page = format!(
            "<html><body><h2 class='se-obs--title'><span>CNO-2721: Diseñadores</span> <span>Julio 2026</span></h2>{body}</body></html>"
        );
        let (source, snapshot) = (SourceId::new("sepe").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "2721.html".to_owned(), limits: Limits::default(), before: 0 };
        let document =
            Document::new(input.file.clone(), Box::new(Cursor::new(page.into_bytes())), &input.limits).unwrap();
        let (columns, mut told, mut rejects) = (Columns::default(), Vec::new(), Vec::new());
        let result = read(&input, document, StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(f) => told.push(format!(
                "{} [{}] {} {}",
                f.indicator,
                f.sex.or(f.age).unwrap_or_default(),
                if f.value.is_empty() { f.status.unwrap_or_default() } else { f.value },
                f.unit
            )),
            Record::Rejected(reject) => rejects.push(reject.detail),
        });
        result.map_err(|e| e.to_string())?;
        told.extend(rejects);
        Ok(told)
    }

    const CAPTION: &str = "<table><caption>Otros</caption></table>";

    #[test]
    fn a_banner_without_a_figure_is_missing_and_shifts_no_other() {
        let body = "<h4 class='se-databanner--title'>Parados (1) en esta ocupación</h4><span class='se-databanner--nd'>No disponible</span>\
            <h4 class='se-databanner--title'>Contratos</h4><span class='se-databanner--digit'>116</span> contratos / \
            <span class='se-databanner--digit'>115</span> personas <span class='se-databanner--digit'>-2,5 %</span>";
        assert_eq!(
            figures_of(body).unwrap(),
            [
                "Parados en esta ocupación [] missing persons",
                "Contratos [] 116 contracts",
                "Contratos: personas [] 115 persons",
                "Contratos, variación [] -2,5 %",
            ]
        );
    }

    #[test]
    fn contracts_and_persons_of_a_banner_are_told_apart_by_the_word_behind_each() {
        let digit = |figure: &str| format!("<span class='se-databanner--digit'>{figure}</span>");
        let told = |figures: &str| {
            figures_of(&format!("<h4 class='se-databanner--title'>Contratos</h4>{figures}{CAPTION}")).unwrap()
        };
        let expected = ["Contratos [] 116 contracts", "Contratos: personas [] 115 persons"];
        for (first, second) in
            [("116</span> contratos / ", "115</span> personas"), ("115</span> personas / ", "116</span> contratos")]
        {
            let open = "<span class='se-databanner--digit'>";
            assert_eq!(told(&format!("{open}{first}{open}{second}")), expected, "{first}");
        }
        assert_eq!(told(&digit("116")), ["Contratos [] 116 contracts"]);
        let alone = told(&format!("{} personas", digit("115")));
        assert_eq!(alone, ["Contratos [] missing contracts", "Contratos: personas [] 115 persons"]);
        let wordless = told(&format!("{} / {}", digit("116"), digit("115")));
        assert!(
            wordless.len() == 2 && wordless.iter().all(|why| why.contains("nothing says what the figure")),
            "{wordless:?}"
        );
    }

    #[test]
    fn a_figure_of_a_banner_that_nothing_explains_is_rejected() {
        let body = "<span class='se-databanner--digit'>7</span><h4 class='se-databanner--title'>Parados</h4>\
            <span class='se-databanner--digit'>12</span><span class='se-databanner--digit'>3</span>";
        let told = figures_of(body).unwrap();
        assert_eq!(told[0], "Parados [] 12 persons");
        assert!(
            told[1].contains("'7' stands under no title") && told[2].contains("what the figure '3' is"),
            "{told:?}"
        );
    }

    #[test]
    fn what_stands_in_a_column_of_changes_is_a_change_with_and_without_its_sign() {
        let named = "<table><caption>Contratos según sexo y edad</caption><tr><th>Edad<th>Contratos<th>Variación mensual<th>Anual\
            <tr><td>18-24<td>30<td>2,5<td>-<tr><td>25-29<td>41<td>&lt;5<td>7,1 %</table>";
        assert_eq!(
            figures_of(named).unwrap(),
            [
                "Contratos según sexo y edad [18-24] 30 contracts",
                "Contratos según sexo y edad, variación mensual [18-24] 2,5 %",
                "Contratos según sexo y edad, variación anual [18-24] - %",
                "Contratos según sexo y edad [25-29] 41 contracts",
                "Contratos según sexo y edad, variación mensual [25-29] <5 %",
                "Contratos según sexo y edad, variación anual [25-29] 7,1 %",
            ]
        );
        let nameless =
            "<table><caption>Parados</caption><tr><th colspan=4>Por sexo<tr><td>Mujer<td>533<td>1,3<td>-</table>";
        assert_eq!(
            figures_of(nameless).unwrap(),
            [
                "Parados [Mujer] 533 persons",
                "Parados, variación mensual [Mujer] 1,3 %",
                "Parados, variación anual [Mujer] - %"
            ]
        );
        let shifted = "<table><caption>Parados</caption><tr><td>Mujer<td>1,3 %<td>533</table>";
        assert!(figures_of(shifted).unwrap()[1].contains("is a percentage, a count was expected"));
    }

    #[test]
    fn columns_of_men_and_women_keep_their_sex() {
        let one = "<table><caption>Parados por edad</caption><tr><th>Edad<th>Total<th>Hombre<th>Mujer<tr><td>Todas<td>9<td>5<td>4</table>";
        let told = figures_of(one).unwrap();
        assert_eq!(told[0], "Parados por edad: Todas [] 9 persons");
        assert_eq!(
            told[1..],
            ["Parados por edad: Todas [Hombre] 5 persons", "Parados por edad: Todas [Mujer] 4 persons"]
        );
        let two = "<table><caption>Distribución geográfica de parados</caption><tr><th rowspan=2>Provincia<th colspan=2>Hombre<th colspan=2>Mujer\
            <tr><th>Parados<th>Anual<th>Parados<th>Anual<tr><td>Girona<td>5<td>1,0<td>7<td>2,0</table>";
        assert_eq!(
            figures_of(two).unwrap(),
            [
                "Distribución geográfica de parados [Hombre] 5 persons",
                "Distribución geográfica de parados, variación anual [Hombre] 1,0 %",
                "Distribución geográfica de parados [Mujer] 7 persons",
                "Distribución geográfica de parados, variación anual [Mujer] 2,0 %",
            ]
        );
    }

    #[test]
    fn a_figure_that_is_not_given_is_missing_and_never_gone() {
        let table = |rows: &str| {
            format!(
                "<table><caption>Distribución geográfica de parados</caption><tr><th>Provincia<th>Parados<th>Anual{rows}</table>"
            )
        };
        let none = "Distribución geográfica de parados [] missing persons";
        let no_change = "Distribución geográfica de parados, variación anual [] missing %";
        let given = "Distribución geográfica de parados [] 5 persons";
        for barcelona in ["<td>n/d<td>n/d", "<td><td>", "<td>&nbsp;<td>N/D", ""] {
            let rows = format!("<tr><th>Barcelona{barcelona}<tr><td>Girona<td>5<td>");
            assert_eq!(figures_of(&table(&rows)).unwrap(), [none, no_change, given, no_change], "{barcelona}");
        }
        let section = "<tr><th colspan=3>Cataluña<tr><td>Girona<td>5<td>";
        assert_eq!(figures_of(&table(section)).unwrap(), [given, no_change]);
        let empty = figures_of(&table("")).unwrap();
        assert_eq!(empty, ["table 'Distribución geográfica de parados' holds no figure: it is half a page"]);
    }

    #[test]
    fn a_row_with_more_cells_than_its_header_is_rejected() {
        let body = "<table><caption>Distribución geográfica de parados</caption><tr><th>Provincia<th>Parados<th>Anual\
            <tr><td>08<td>Barcelona<td>1.292<td>2,5<tr><td>Girona<td>5<td>1,0</table>";
        assert_eq!(
            figures_of(body).unwrap(),
            [
                "Distribución geográfica de parados [] 5 persons",
                "Distribución geográfica de parados, variación anual [] 1,0 %",
                "table 'Distribución geográfica de parados', row '08' has 4 cells, its header 3",
            ]
        );
    }

    #[test]
    fn a_count_with_a_fraction_is_rejected() {
        let banner = |digit: &str| {
            let title = "<h4 class='se-databanner--title'>Parados</h4>";
            figures_of(&format!("{title}<span class='se-databanner--digit'>{digit}</span>{CAPTION}")).unwrap()
        };
        for count in ["9.912", "9.912,00", "9912,0"] {
            assert_eq!(banner(count), [format!("Parados [] {count} persons")]);
        }
        for other in ["9,912", "9,000", "12,5"] {
            assert_eq!(banner(other), [format!("Parados: '{other}' is no whole count")]);
        }
        let table = "<table><caption>Parados</caption><tr><td>Mujer<td>1,945<td>2,86 %</table>";
        assert_eq!(
            figures_of(table).unwrap(),
            ["Parados, variación mensual [Mujer] 2,86 %", "Parados: '1,945' is no whole count"]
        );
    }

    #[test]
    fn a_page_with_tables_is_read_whatever_sentence_stands_hidden_in_it() {
        let none = "<p hidden>No existe ning&uacute;n documento</p>";
        let banner = "<h4 class='se-databanner--title'>Parados</h4><span class='se-databanner--digit'>12</span>";
        assert_eq!(figures_of(&format!("{none}{banner}{CAPTION}")).unwrap(), ["Parados [] 12 persons"]);
        assert!(figures_of(none).unwrap_err().contains("nothing was published"));
    }
}
