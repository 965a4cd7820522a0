//! Spain's employment service (SEPE), a page of the occupation observatory saved as HTML: registered job seekers and
//! contracts of one CNO-11 group in one month. Captions are what stays the same from page to page.

use crate::acquire::figures::is_figure;
use crate::acquire::html_tables::{Page, PageTable};
use crate::acquire::open::Document;
use crate::acquire::periods::period_of;
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::lexicon::normal::fold;
use crate::types::{NumberStyle, RawObservation};

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
    if fold(&text).contains("no existe ningun documento") {
        let problem = "says that no document exists: nothing was published for this month, which is not zero";
        return Err(AcquireError::content(&input.file, problem, "take the page out of the plan"));
    }
    let page = Page::of(&input.file, &text)?;
    let head = head(input, &page)?;
    let mut number = 0;
    let mut keep = |figure: RawObservation| {
        number += 1;
        let figure = RawObservation {
            indicator: ask.indicator.map_or(figure.indicator.clone(), |i| format!("{i}: {}", figure.indicator)),
            period: head.period.clone(),
            sector: Some(head.occupation.clone()),
            numbers: NumberStyle::Comma,
            origin: input.origin(number),
            ..figure
        };
        sink(Record::Kept(figure));
    };
    let (titles, digits) = (page.texts(".se-databanner--title"), page.texts(".se-databanner--digit"));
    for (at, value) in digits.iter().enumerate() {
        // "116 contratos / 115 personas": a further figure under the last title counts the persons.
        let Some(title) = titles.get(at).or(titles.last()) else { break };
        let persons = if at < titles.len() { "" } else { ": personas" };
        keep(RawObservation {
            indicator: format!("{}{persons}", bare(title)),
            area: "España".to_owned(),
            value: value.clone(),
            unit: if persons.is_empty() { unit(title) } else { "persons" }.to_owned(),
            ..RawObservation::at(input.origin(0))
        });
    }
    for table in page
        .tables
        .iter()
        .filter(|table| fold(&table.title).contains("parados") || fold(&table.title).contains("contrat"))
    {
        figures(input, table, &mut keep);
    }
    Ok(())
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

/// One table: a label, an absolute figure, then changes against a month and a year before.
fn figures(input: &Input, table: &PageTable, keep: &mut dyn FnMut(RawObservation)) {
    let by_area = fold(&table.title).contains("geografica") && fold(&table.title).contains("distribucion");
    let header = table.grid.row_numbers().next().map(|row| table.grid.names(row)).unwrap_or_default();
    for row in table.grid.row_numbers() {
        let cells = table.grid.names(row);
        let Some((label, values)) = cells.split_first().filter(|(label, _)| !label.is_empty()) else { continue };
        if !values.iter().any(|value| is_figure(value)) {
            continue;
        }
        for (at, value) in values.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
            // The heading of a section that spans the table ("Por sexo") names no column.
            let named = |name: &&String| !is_figure(name) && header.first() != Some(*name);
            let column = header.get(at + 1).filter(named).map_or("", String::as_str);
            let is_change = value.contains('%');
            let suffix = if is_change { format!(", variación {}", change(column, at)) } else { String::new() };
            let figure = RawObservation {
                indicator: format!("{}{suffix}", table.title),
                value: value.trim_end_matches('%').trim().to_owned(),
                unit: if is_change { "%".to_owned() } else { unit(&table.title).to_owned() },
                ..RawObservation::at(input.origin(0))
            };
            keep(if by_area {
                RawObservation { area: label.clone(), ..figure }
            } else {
                item(label, RawObservation { area: "España".to_owned(), ..figure })
            });
        }
    }
}

/// A label is a sex, an age group, or says what was counted.
fn item(label: &str, figure: RawObservation) -> RawObservation {
    let folded = fold(label);
    match () {
        () if folded.starts_with("hombre") || folded.starts_with("mujer") => {
            RawObservation { sex: Some(label.to_owned()), ..figure }
        }
        () if folded.starts_with("total") => figure,
        () if label.contains(|c: char| c.is_ascii_digit()) && label.len() <= 8 => {
            RawObservation { age: Some(label.to_owned()), ..figure }
        }
        () => RawObservation { indicator: format!("{}: {label}", figure.indicator), ..figure },
    }
}

fn change(column: &str, at: usize) -> String {
    match column {
        "" if at == 1 => "mensual".to_owned(),
        "" => "anual".to_owned(),
        named => named.to_lowercase(),
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
