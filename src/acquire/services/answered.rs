//! Whether a table is of what was asked for: a service that answers another question does not say so.

use super::Answer;
use crate::acquire::error::excerpt;
use crate::acquire::sdmx::dataset_code;
use csv::{ReaderBuilder, StringRecord};

/// A column, and the items of it that were asked for; none = all.
pub(super) struct Wanted<'a> {
    column: &'a str,
    items: Vec<&'a str>,
    /// The item of a cell.
    item: fn(&str) -> &str,
}

impl<'a> Wanted<'a> {
    /// Items by their codes.
    pub(super) fn of(column: &'a str, items: Vec<&'a str>) -> Self {
        Self { column, items, item: code_of }
    }

    /// Items of a part of a key: `OC25+OC35`, empty or `*` = all.
    fn by_key(column: &'a str, part: &'a str) -> Self {
        let items: Vec<&str> = part.split('+').map(str::trim).collect();
        let is_all = items.iter().any(|item| item.is_empty() || *item == "*");
        Self::of(column, if is_all { Vec::new() } else { items })
    }

    /// What a cell holds though it was not asked for.
    fn unasked(&self, cell: &str) -> Option<String> {
        let item = (self.item)(cell);
        let is_asked = self.items.iter().any(|asked| asked.eq_ignore_ascii_case(item));
        let is_odd = !item.is_empty() && !self.items.is_empty() && !is_asked;
        is_odd.then(|| said(self.column, item, &self.items))
    }
}

/// What an answer holds, and what was asked for instead.
pub(super) fn said(dimension: &str, item: &str, asked: &[&str]) -> String {
    format!("holds '{}' as `{dimension}`, where {} was asked for", excerpt(item), excerpt(&asked.join(", ")))
}

/// The first item of a table of comma-separated values that was not asked for, in words. Columns that are not there and
/// rows of another width are left to its reader.
pub(super) fn unasked(text: &str, wanted: &[Wanted<'_>]) -> Option<String> {
    let mut table = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = table.headers().ok()?.clone();
    let place = |column: &str| header.iter().position(|name| code_of(name).eq_ignore_ascii_case(column));
    let places: Vec<(usize, &Wanted<'_>)> = wanted.iter().filter_map(|w| Some((place(w.column)?, w))).collect();
    let mut row = StringRecord::new();
    while table.read_record(&mut row).ok()? {
        if row.len() != header.len() {
            continue;
        }
        let found = places.iter().find_map(|(at, wanted)| wanted.unasked(row.get(*at)?));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The same of SDMX-CSV, whose question is noted as `dataset/key`; `first` is the dimension that keys begin with.
pub(super) fn unasked_in_sdmx(answer: &Answer<'_>, first: &str) -> Option<String> {
    let (dataset, key) = answer.request.note.split_once('/')?;
    let text = answer.text();
    let header = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes()).headers().ok()?.clone();
    let names: Vec<&str> = header.iter().map(code_of).collect();
    let of_dataset = |column| Wanted { column, items: vec![dataset], item: dataset_code };
    let mut wanted: Vec<Wanted<'_>> = ["DATAFLOW", "STRUCTURE_ID"].map(of_dataset).into();
    let at = |name: &str| names.iter().position(|other| other.eq_ignore_ascii_case(name));
    let dimensions = at(first).zip(at("TIME_PERIOD")).and_then(|(from, to)| names.get(from..to)).unwrap_or_default();
    wanted.extend(by_place(dimensions, key));
    unasked(&text, &wanted)
}

/// The same of Eurostat's TSV, whose first cells hold the items of a row.
pub(super) fn unasked_in_tsv(answer: &Answer<'_>, first: &str) -> Option<String> {
    let (_, key) = answer.request.note.split_once('/')?;
    let text = answer.text();
    let (head, rows) = text.split_once('\n')?;
    let (dimensions, _) = head.split('\t').next()?.split_once('\\')?;
    let dimensions: Vec<&str> = dimensions.split(',').map(code_of).collect();
    // In another order the places of the key say nothing.
    if !dimensions.first().is_some_and(|own| own.eq_ignore_ascii_case(first)) {
        return None;
    }
    let wanted = by_place(&dimensions, key);
    rows.lines().find_map(|row| {
        let items: Vec<&str> = row.split('\t').next()?.split(',').collect();
        let mut pairs = wanted.iter().zip(&items).filter(|_| items.len() == dimensions.len());
        pairs.find_map(|(wanted, item)| wanted.unasked(item))
    })
}

/// The parts of a key beside the dimensions; nothing where they are not as many.
fn by_place<'a>(dimensions: &[&'a str], key: &'a str) -> Vec<Wanted<'a>> {
    let parts: Vec<&str> = key.split('.').collect();
    if parts.len() != dimensions.len() {
        return Vec::new();
    }
    dimensions.iter().zip(parts).map(|(column, part)| Wanted::by_key(column, part)).collect()
}

/// `ES` of `ES: Spain`, also within quotes.
fn code_of(cell: &str) -> &str {
    cell.split(": ").next().unwrap_or(cell).trim().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::{Expects, Request};
    use std::collections::BTreeMap;

    fn answered(note: &str, body: &str, check: fn(&Answer<'_>, &str) -> Option<String>) -> String {
        let request = Request::get("https://example.org", Expects::Csv).noting(note);
        let headers = BTreeMap::new();
        let answer =
            Answer { request: &request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
        check(&answer, "freq").unwrap_or_default()
    }

    /// design/sources.md 5.1
    const HEAD: &str = "DATAFLOW,LAST UPDATE,freq,isco08,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\r\n";

    #[test]
    fn sdmx_csv_of_another_dataset_or_outside_the_key_is_told() {
        let row = |flow: &str, geo: &str| format!("{HEAD}{flow},17/04/26 11:00:00,A,OC25,{geo},2024,12.5,b,\r\n");
        let (own, note) = ("ESTAT:LFSA_EGAI2D(1.0)", "lfsa_egai2d/A..ES+EL");
        for (flow, geo, note, words) in [
            (own, "ES", note, ""),
            (own, "EL: Greece", note, ""),
            (own, "FR", "lfsa_egai2d/A..", ""),
            // Another number of parts than of dimensions cannot be held against them.
            (own, "FR", "lfsa_egai2d/A", ""),
            (own, "FR", note, "holds 'FR' as `geo`, where ES, EL was asked for"),
            ("ESTAT:UNE_RT_A(1.0)", "ES", note, "holds 'UNE_RT_A' as `DATAFLOW`, where lfsa_egai2d was asked for"),
        ] {
            assert_eq!(answered(note, &row(flow, geo), unasked_in_sdmx), words);
        }
    }

    #[test]
    fn tsv_outside_the_key_is_told() {
        let table = |geo: &str| format!("freq,isco08,geo\\TIME_PERIOD\t2024 \nA,OC25,{geo}\t12.5 b\n");
        assert_eq!(answered("x/A.OC25.ES", &table("ES"), unasked_in_tsv), "");
        assert!(answered("x/A.OC25.ES", &table("FR"), unasked_in_tsv).contains("'FR' as `geo`"));
        assert_eq!(answered("x/A.OC25.", &table("FR"), unasked_in_tsv), "");
    }

    #[test]
    fn rows_of_another_width_and_empty_cells_are_left_to_the_reader() {
        let wanted = [Wanted::of("ref_area", vec!["PSE"])];
        assert_eq!(unasked("ref_area,time\nJOR,2022,1\n,2022\nPSE,2022\n", &wanted), None);
        assert!(unasked("ref_area,time\nPSE,2022\nJOR,2022\n", &wanted).is_some_and(|said| said.contains("'JOR'")));
        assert_eq!(unasked("ref_area.label,time\nJordan,2022\n", &wanted), None);
    }
}
