//! Layouts that official statistics come in.

mod asked;
pub mod barcelona;
pub(in crate::acquire) mod cedefop;
pub(in crate::acquire) mod cedefop_forecast;
pub mod eurostat_csv;
pub mod eurostat_tsv;
pub mod idescat_csv;
pub mod ilostat;
pub mod ine_csv;
pub mod ine_json;
pub mod json_stat;
pub(in crate::acquire) mod kiese;
pub(in crate::acquire) mod labour_ministry;
pub mod pc_axis;
pub(in crate::acquire) mod pcbs;
mod pcbs_headings;
pub(in crate::acquire) mod pcbs_labels;
pub mod sdmx_csv;
pub mod sdmx_ml;
pub(in crate::acquire) mod sepe_municipal;
pub(in crate::acquire) mod sepe_occupation;
pub(in crate::acquire) mod statistics_table;
mod strict_json;
pub mod worldbank;
pub mod worldbank_json;
pub mod worldbank_long;

use crate::acquire::{AcquireError, Input};

/// What a table of figures does not say itself and the plan must.
fn need<'a>(input: &Input, said: Option<&'a str>, key: &str) -> Result<&'a str, AcquireError> {
    let problem = format!("does not say its {key}");
    said.ok_or_else(|| AcquireError::content(&input.file, problem, "name `indicator` and `unit` in the plan"))
}

/// `% of labour force` of `Unemployment (% of labour force)`, also where `(modeled ILO estimate)` follows.
fn last_bracket(label: &str) -> &str {
    match label.trim_end().strip_suffix(')').and_then(|label| label.rsplit_once('(')) {
        Some((before, bracket)) if bracket.ends_with("estimate") => last_bracket(before),
        Some((_, bracket)) => bracket,
        None => "",
    }
}
