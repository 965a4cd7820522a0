//! Columns of the Parquet tables between stages: the contract that other programs read by.

use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// A record type with a fixed Parquet layout.
pub trait Table: Serialize + DeserializeOwned {
    /// Its columns, in order.
    fn columns() -> Vec<FieldRef>;
}

/// A text column that is always filled.
pub(crate) fn text(name: &str) -> FieldRef {
    Arc::new(Field::new(name, DataType::Utf8, false))
}

/// A column that may be empty.
pub(crate) fn maybe(name: &str, kind: DataType) -> FieldRef {
    Arc::new(Field::new(name, kind, true))
}

/// A text column that may be empty.
pub(crate) fn maybe_text(name: &str) -> FieldRef {
    maybe(name, DataType::Utf8)
}

/// A number column that is always filled.
pub(crate) fn number(name: &str, kind: DataType) -> FieldRef {
    Arc::new(Field::new(name, kind, false))
}

fn group(name: &str, fields: Vec<FieldRef>) -> FieldRef {
    Arc::new(Field::new(name, DataType::Struct(Fields::from(fields)), false))
}

fn list(name: &str, item: FieldRef) -> FieldRef {
    Arc::new(Field::new(name, DataType::List(item), false))
}

fn origin(name: &str) -> FieldRef {
    group(name, vec![text("source"), text("snapshot"), number("record", DataType::UInt64)])
}

impl Table for super::RawPosting {
    fn columns() -> Vec<FieldRef> {
        let mut columns =
            vec![origin("origin"), text("board"), text("source_key"), maybe_text("url"), text("title"), text("body")];
        let optional = ["employer", "place", "occupation", "sector", "posted_on", "closes_on", "salary", "language"];
        columns.extend(optional.map(maybe_text));
        columns
    }
}

impl Table for super::Posting {
    fn columns() -> Vec<FieldRef> {
        let span = [number("start", DataType::UInt32), number("end", DataType::UInt32)];
        let section = group("element", [vec![text("kind")], span.to_vec(), vec![text("language")]].concat());
        let mut columns =
            vec![text("id"), text("source"), text("board"), maybe_text("url"), text("title"), text("body")];
        columns.extend(["employer", "area", "sector", "occupation", "isco"].map(maybe_text));
        columns.extend([maybe("occupation_score", DataType::Float32), text("language")]);
        columns.extend(["posted_on", "closes_on", "salary"].map(maybe_text));
        columns.extend([
            list("sections", section),
            list("boards", text("element")),
            list("origins", origin("element")),
        ]);
        columns
    }
}

impl Table for super::PostingShare {
    fn columns() -> Vec<FieldRef> {
        let texts = ["url", "employer", "area", "sector", "salary", "occupation", "isco"];
        let mut columns = texts.map(maybe_text).to_vec();
        columns.push(maybe("occupation_score", DataType::Float32));
        columns.extend([list("boards", text("element")), list("origins", origin("element"))]);
        columns
    }
}

impl Table for super::TermPosting {
    fn columns() -> Vec<FieldRef> {
        let section = super::Posting::columns().into_iter().filter(|c| c.name() == "sections");
        [text("id"), text("body"), maybe_text("employer")].into_iter().chain(section).collect()
    }
}

impl Table for super::MentionSpan {
    fn columns() -> Vec<FieldRef> {
        vec![text("posting"), text("field"), number("start", DataType::UInt32), number("end", DataType::UInt32)]
    }
}

impl Table for super::QuotablePosting {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("id"), text("board"), maybe_text("url"), text("title"), text("body")];
        columns.extend([text("language"), maybe_text("posted_on")]);
        columns
    }
}

impl Table for super::Duplicate {
    fn columns() -> Vec<FieldRef> {
        vec![text("kept"), text("duplicate"), text("kind"), number("similarity", DataType::Float32)]
    }
}

impl Table for super::Reject {
    fn columns() -> Vec<FieldRef> {
        vec![origin("origin"), text("reason"), text("detail")]
    }
}

impl Table for super::Mention {
    fn columns() -> Vec<FieldRef> {
        let span = [number("start", DataType::UInt32), number("end", DataType::UInt32)];
        let mut columns = vec![text("posting"), text("skill"), text("field")];
        columns.extend(span);
        columns.extend([text("surface"), text("label"), text("lane"), text("section")]);
        columns.extend([number("score", DataType::Float32), text("verdict")]);
        columns
    }
}

impl Table for super::Observation {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("indicator"), text("area"), text("period")];
        columns.extend(["occupation", "sector", "sex", "age"].map(maybe_text));
        columns.extend([
            list("breakdown", group("element", vec![text("dimension"), text("item")])),
            maybe("value", DataType::Float64),
            text("unit"),
            text("quality"),
            maybe_text("flags"),
            maybe_text("note"),
            origin("origin"),
        ]);
        columns
    }
}

impl Table for super::Linked {
    fn columns() -> Vec<FieldRef> {
        let evidence = group("element", vec![text("lane"), number("value", DataType::Float32)]);
        let link = group(
            "element",
            vec![
                text("skill"),
                text("label"),
                maybe_text("surface"),
                number("score", DataType::Float32),
                text("verdict"),
                list("evidence", evidence),
            ],
        );
        vec![text("outcome"), text("credential"), list("links", link), text("verdict")]
    }
}

impl Table for super::CredentialCheck {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["source", "credential", "field", "kind", "verdict", "key"].map(text).to_vec();
        columns.extend([maybe_text("value"), maybe_text("detail"), text("message")]);
        columns
    }
}

impl Table for super::Demand {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["skill", "label", "area", "period", "occupation_group"].map(text).to_vec();
        columns.extend(
            ["posting_count", "base_count", "employer_count", "source_count"].map(|n| number(n, DataType::UInt64)),
        );
        columns.push(number("effective_n", DataType::Float64));
        columns.extend(["share", "share_low", "share_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("mark"));
        columns.extend(adjusted());
        columns
    }
}

/// Columns of the shares that stand beside the plain one.
pub(crate) fn adjusted() -> Vec<FieldRef> {
    let names = ["weighted_share", "weighted_low", "weighted_high", "weighted_effective_n"];
    let mut columns = names.map(|n| maybe(n, DataType::Float64)).to_vec();
    columns.extend(["corrected_share", "corrected_low", "corrected_high"].map(|n| maybe(n, DataType::Float64)));
    columns.push(maybe_text("correction"));
    columns
}

impl Table for super::Coverage {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("programme"), text("skill")];
        columns.extend(["coverage", "grade"].map(|n| number(n, DataType::Float64)));
        columns.extend([text("outcome"), text("linked_skill"), number("score", DataType::Float64)]);
        columns
    }
}

impl Table for super::Evidence {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("skill"), text("posting"), text("board"), maybe_text("url"), text("title")];
        columns.extend([maybe_text("posted_on"), text("language"), text("sentence")]);
        columns.extend([
            number("start", DataType::UInt32),
            number("end", DataType::UInt32),
            text("label"),
            text("lane"),
        ]);
        columns.push(number("score", DataType::Float32));
        columns
    }
}
