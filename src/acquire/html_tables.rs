//! Tables of a saved page as grids: spanning cells are spread, captions and the heading before a table are its title.

use super::error::AcquireError;
use super::workbook::Grid;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;

/// Deepest nesting handed to the parser, whose work grows with the square of it.
const MOST_DEPTH: usize = 512;
/// Widest and tallest spans believed.
const MOST_SPAN: usize = 200;
/// Widest table believed.
const MOST_COLUMNS: usize = 1_000;

/// A page taken apart.
pub(super) struct Page {
    /// Its `<title>`.
    pub(super) title: String,
    /// Its tables, in order.
    pub(super) tables: Vec<PageTable>,
    html: Html,
}

/// A table of a page.
pub(super) struct PageTable {
    /// Caption, else the last heading before it, else empty.
    pub(super) title: String,
    /// Its cells.
    pub(super) grid: Grid,
}

impl Page {
    /// Takes a page apart.
    ///
    /// # Errors
    /// When it is nested too deeply.
    pub(super) fn of(file: &str, text: &str) -> Result<Self, AcquireError> {
        if depth(text) > MOST_DEPTH {
            let problem = format!("is a page with more than {MOST_DEPTH} nested elements");
            return Err(AcquireError::content(file, problem, "save the page again, or the table alone"));
        }
        let html = Html::parse_document(text);
        let mut page = Page { title: String::new(), tables: Vec::new(), html };
        page.title = page.texts("title").into_iter().next().unwrap_or_default();
        page.tables = tables(&page.html);
        Ok(page)
    }

    /// Texts of the elements a CSS selector finds, white space collapsed.
    pub(super) fn texts(&self, selector: &str) -> Vec<String> {
        let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
        self.html.select(&selector).map(text_of).collect()
    }

    /// Rows of tables that lead somewhere: the texts of their cells, and the address of their first link as spelt.
    pub(super) fn linked_rows(&self) -> Vec<(Vec<String>, String)> {
        let (Ok(row), Ok(link)) = (Selector::parse("tr"), Selector::parse("a[href]")) else { return Vec::new() };
        let mut found = Vec::new();
        for line in self.html.select(&row) {
            if let Some(address) = line.select(&link).find_map(|a| a.value().attr("href")) {
                found.push((children(line, &["td", "th"]).into_iter().map(text_of).collect(), address.to_owned()));
            }
        }
        found
    }
}

fn tables(html: &Html) -> Vec<PageTable> {
    let Ok(wanted) = Selector::parse("h1, h2, h3, h4, h5, h6, table") else { return Vec::new() };
    let (mut heading, mut found) = (String::new(), Vec::new());
    for element in html.select(&wanted) {
        if element.value().name() != "table" {
            heading = text_of(element);
            continue;
        }
        let caption = children(element, &["caption"]).first().map(|c| text_of(*c)).filter(|c| !c.is_empty());
        let title = caption.unwrap_or_else(|| heading.clone());
        let grid = Grid::of_rows(&title, rows(element));
        found.push(PageTable { title, grid });
    }
    found
}

/// Rows of a table's own, not of tables within it.
fn rows(table: ElementRef<'_>) -> Vec<Vec<String>> {
    let parts = children(table, &["thead", "tbody", "tfoot", "tr"]);
    let lines = parts.into_iter().flat_map(|part| match part.value().name() {
        "tr" => vec![part],
        _ => children(part, &["tr"]),
    });
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut reaching = Reaching::new();
    for line in lines {
        let mut row: Vec<String> = Vec::new();
        let mut next = Reaching::new();
        for cell in children(line, &["td", "th"]) {
            fill(&mut row, &reaching);
            let (text, across, down) = (text_of(cell), span(cell, "colspan"), span(cell, "rowspan"));
            for _ in 0..across.min(MOST_COLUMNS.saturating_sub(row.len())) {
                if down > 1 {
                    next.insert(row.len(), (text.clone(), down - 1));
                }
                row.push(text.clone());
            }
        }
        fill(&mut row, &reaching);
        reaching.retain(|_, (_, left)| {
            *left -= 1;
            *left > 0
        });
        reaching.append(&mut next);
        rows.push(row);
    }
    rows
}

/// Cells from above that reach down, by column: text and rows left.
type Reaching = BTreeMap<usize, (String, usize)>;

/// Puts cells that reach down from above where the row has got to.
fn fill(row: &mut Vec<String>, reaching: &Reaching) {
    while let Some((text, _)) = reaching.get(&row.len()) {
        row.push(text.clone());
    }
}

fn span(cell: ElementRef<'_>, name: &str) -> usize {
    cell.value().attr(name).and_then(|n| n.trim().parse().ok()).unwrap_or(1).clamp(1, MOST_SPAN)
}

fn children<'a>(element: ElementRef<'a>, names: &[&str]) -> Vec<ElementRef<'a>> {
    element.children().filter_map(ElementRef::wrap).filter(|child| names.contains(&child.value().name())).collect()
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// An upper bound of how deep elements lie in each other: opening tags less closing ones.
fn depth(text: &str) -> usize {
    // Elements without an end tag, or whose end tag may be left out and which never lie in their own kind.
    const FLAT: [&str; 21] = [
        "br", "img", "input", "meta", "link", "hr", "col", "wbr", "area", "source", "p", "li", "td", "th", "tr",
        "option", "dt", "dd", "thead", "tbody", "tfoot",
    ];
    let (mut now, mut most) = (0_usize, 0);
    for tag in text.split('<').skip(1) {
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let is_closed = tag.split('>').next().is_some_and(|inner| inner.ends_with('/'));
        match () {
            () if tag.starts_with('/') => {
                let closed: String = tag.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
                now = now.saturating_sub(usize::from(!FLAT.contains(&closed.to_ascii_lowercase().as_str())));
            }
            () if name.is_empty() || is_closed || FLAT.contains(&name.as_str()) => {}
            () => now += 1,
        }
        most = most.max(now);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanning_cells_are_spread_and_a_caption_is_the_title() {
        let page = "<title>P</title><h2>Before</h2><table><caption>Unemployed</caption><tr><th rowspan=2>Region<th colspan=2>2024</tr>\
            <tr><th>Males<th>Females</tr><tr><td>Hebron<td>1<td><b>2</b> 3</tr></table><table><tr><td>x</table>";
        let page = Page::of("p", page).unwrap();
        let table = &page.tables[0];
        assert_eq!(
            (page.title.as_str(), table.title.as_str(), page.tables[1].title.as_str()),
            ("P", "Unemployed", "Before")
        );
        assert_eq!(table.grid.names(0), ["Region", "2024", "2024"]);
        assert_eq!(table.grid.names(1), ["Region", "Males", "Females"]);
        assert_eq!(table.grid.names(2), ["Hebron", "1", "2 3"]);
    }

    #[test]
    fn a_page_nested_a_hundred_thousand_deep_is_refused_at_once() {
        assert!(Page::of("p", &"<div>".repeat(100_000)).is_err());
    }
}
