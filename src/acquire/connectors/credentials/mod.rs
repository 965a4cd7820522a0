//! Formats that micro-credentials come in.

pub(in crate::acquire) mod credentials_json;
pub mod credentials_table;
pub(in crate::acquire) mod elm;
pub(in crate::acquire) mod europass_xml;
mod learning_model;
pub(in crate::acquire) mod loq;
pub(in crate::acquire) mod module_guide;
pub(in crate::acquire) mod ooapi;
pub(in crate::acquire) mod open_badges;
pub(in crate::acquire) mod schema_course;
