//! Where the readers of postings put what they find, and what they are told to look for.

use super::cells::cell_error;
use super::error::AcquireError;
use super::mapping::{Absent, Bound, ColumnRule, POSTING, columns_of};
use super::notes::{Mend, Notes};
use super::{Columns, Input};
use crate::types::{Reject, RejectReason};
use csv::ByteRecord;
use std::collections::BTreeMap;

/// Gives the value of a field; absent when blank.
pub(super) type Get<'g> = &'g mut dyn FnMut(&str) -> Option<String>;

/// One record of a file.
pub(super) enum Found<'f> {
    /// Its place, its number and its fields.
    Record(&'f Input, u64, Get<'f>),
    /// Why there is none.
    Rejected(Reject),
}

/// What holds over all files of a source: the columns that the plan maps, and where the files come from.
#[derive(Default)]
pub(super) struct Seen {
    /// By field and column: in how many files it was, in how many not, and what to say if it was in none.
    columns: BTreeMap<(String, String), (u64, u64, Option<AcquireError>)>,
    /// The files are answers of a service: nobody chose them one by one.
    pub(super) of_service: bool,
}

impl Seen {
    /// Takes note of one file.
    fn file(&mut self, columns: &Columns, absent: Vec<Absent>) -> Result<(), AcquireError> {
        for (field, rule) in POSTING.rules(columns)? {
            let named = columns_of(rule);
            // Of alternatives the first stands for all.
            let named = if matches!(rule, ColumnRule::Any { .. }) { named.get(..1).unwrap_or_default() } else { named };
            for column in named {
                self.columns.entry((field.to_owned(), column.clone())).or_default().0 += 1;
            }
        }
        for Absent { field, column, error } in absent {
            if let Some((present, missing, first)) = self.columns.get_mut(&(field.to_owned(), column)) {
                *present = present.saturating_sub(1);
                *missing += 1;
                first.get_or_insert(error);
            }
        }
        Ok(())
    }

    /// A column that no file had is a mistake of the plan; one that some lacked is worth a sentence.
    ///
    /// # Errors
    /// When a mapped column was in no file.
    pub(super) fn finish(self, source: &str, notes: &mut Notes) -> Result<(), AcquireError> {
        for ((field, column), (present, missing, error)) in self.columns {
            match error {
                Some(error) if present == 0 => return Err(error),
                Some(_) => {
                    *notes.mended.entry(Mend::ColumnAbsent).or_default() += missing;
                    let all = present + missing;
                    notes.warnings.push(format!(
                        "{source}: {missing} of {all} files have no column '{column}' for `{field}`; it is blank there"
                    ));
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// What the readers of postings work with.
pub(super) struct Desk<'d> {
    pub(super) columns: &'d Columns,
    /// Fields that every file must give.
    pub(super) required: &'d [&'static str],
    /// One of several files: optional columns may be absent.
    pub(super) several: bool,
    pub(super) seen: &'d mut Seen,
    pub(super) notes: &'d mut Notes,
    pub(super) take: &'d mut dyn FnMut(Found<'_>),
}

impl Desk<'_> {
    /// Finds the plan's columns in a header.
    ///
    /// # Errors
    /// When a column is absent that may not be.
    pub(super) fn bind(&mut self, header: &[String], file: &str) -> Result<Bound, AcquireError> {
        let (bound, absent) = POSTING.bind_present(self.columns, header, file, self.required)?;
        self.absent(absent)?;
        Ok(bound)
    }

    /// The same where only our own names are sure to be there: nothing is required.
    ///
    /// # Errors
    /// When the plan maps a field there is not.
    pub(super) fn bind_any(&self, header: &[String], file: &str) -> Result<(Bound, Vec<Absent>), AcquireError> {
        POSTING.bind_present(self.columns, header, file, &[])
    }

    /// Takes note of columns that a file lacks.
    ///
    /// # Errors
    /// When it is the only file.
    pub(super) fn absent(&mut self, absent: Vec<Absent>) -> Result<(), AcquireError> {
        if self.several {
            return self.seen.file(self.columns, absent);
        }
        absent.into_iter().next().map_or(Ok(()), |absent| Err(absent.error))
    }

    pub(super) fn record(&mut self, input: &Input, number: u64, get: Get<'_>) {
        (self.take)(Found::Record(input, number, get));
    }

    pub(super) fn reject(&mut self, input: &Input, number: u64, reason: RejectReason, detail: String) {
        (self.take)(Found::Rejected(Reject { origin: input.origin(number), reason, detail }));
    }

    /// The first cell of a field that cannot be done without and shows an error: its column, the field, the error.
    pub(super) fn error_cell(&self, bound: &Bound, cells: &ByteRecord) -> Option<(usize, &'static str, &'static str)> {
        self.required.iter().find_map(|field| {
            let at = bound.columns(field).iter();
            let mut shown = at.filter_map(|at| Some((*at, cell_error(super::rows::cell(cells, *at)?)?)));
            shown.next().map(|(at, problem)| (at, *field, problem))
        })
    }
}
