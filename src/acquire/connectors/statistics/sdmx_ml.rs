//! Official figures in SDMX-ML: generic and structure-specific messages, series or flat, versions 2.0 to 3.0.

use crate::acquire::dimensions::{Dimension, Role, settle};
use crate::acquire::sdmx::{dataset_code, is_attribute, put_attribute};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

/// Names and values of a key, of attributes or both, in their order.
type Pairs = Vec<(String, String)>;

#[derive(Default)]
struct State {
    /// Id of the dataset, from the header or the dataset.
    dataset: String,
    /// What `dimensionAtObservation` names.
    at_observation: String,
    series: Pairs,
    observation: Option<Pairs>,
    value: String,
    /// Text elements being read.
    text: Option<&'static str>,
    /// Words of an error or of a footer.
    said: String,
    record: u64,
}

/// Reads observations.
///
/// # Errors
/// When it is no well-formed XML, or holds no figure: structures only, an error, or a footer that puts one off.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut reader = Reader::from_reader(body);
    let (mut state, mut buffer) = (State::default(), Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| broken(input, e))? {
            Event::Start(element) => state.open(&element),
            Event::Empty(element) => {
                state.open(&element);
                state.close(input, element.local_name().as_ref(), ask, sink);
            }
            Event::Text(text) => state.read_text(&text),
            Event::End(element) => state.close(input, element.local_name().as_ref(), ask, sink),
            Event::Eof => break,
            _ => {}
        }
    }
    if state.record > 0 {
        return Ok(());
    }
    let said = state.said.trim();
    if said.is_empty() {
        let problem = "is an SDMX message without figures";
        return Err(AcquireError::content(&input.file, problem, "download the data, not the structure of the table"));
    }
    let problem = format!("holds no figures but a message: '{}'", said.chars().take(200).collect::<String>());
    Err(AcquireError::content(&input.file, problem, "fetch the file the message points to, or ask for less"))
}

fn broken(input: &Input, error: quick_xml::Error) -> AcquireError {
    match error {
        quick_xml::Error::Io(e) => AcquireError::io(&input.file, std::io::Error::new(e.kind(), e.to_string())),
        other => AcquireError::damaged(&input.file, &other),
    }
}

/// Attributes of an element by their local names; `xsi:type="demo:TFRNSI"` keeps its name `xsi:type`.
fn attributes(element: &BytesStart<'_>) -> Pairs {
    let found = element.attributes().filter_map(Result::ok).filter_map(|attribute| {
        let key = attribute.key.as_ref().to_owned();
        let known = !key.starts_with("xmlns") && (!key.contains(':') || key.ends_with(":type"));
        let raw = attribute.value.as_ref().to_owned();
        let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), |value| value.into_owned());
        known.then_some((key, value))
    });
    found.collect()
}

impl State {
    fn open(&mut self, element: &BytesStart<'_>) {
        let mut pairs = attributes(element);
        let get = |pairs: &Pairs, name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, v)| v.clone());
        match element.local_name().as_ref() {
            "Structure" => self.at_observation = get(&pairs, "dimensionAtObservation").unwrap_or_default(),
            "Ref" if self.dataset.is_empty() => self.dataset = get(&pairs, "id").unwrap_or_default(),
            "DataSetID" => self.text = Some("dataset"),
            "KeyFamilyRef" => self.text = Some("dataset"),
            "Series" => self.series = pairs,
            "Obs" => {
                self.value.clear();
                if let Some(at) = pairs.iter().position(|(key, _)| key == "OBS_VALUE") {
                    self.value = pairs.remove(at).1;
                }
                self.observation = Some(pairs);
            }
            "Value" => {
                let id = get(&pairs, "id").or_else(|| get(&pairs, "concept"));
                if let (Some(id), Some(value)) = (id, get(&pairs, "value")) {
                    self.observation.as_mut().unwrap_or(&mut self.series).push((id, value));
                }
            }
            "ObsDimension" => {
                let id = get(&pairs, "id").unwrap_or_else(|| self.at_observation.clone());
                let id = if id.is_empty() { "TIME_PERIOD".to_owned() } else { id };
                let value = get(&pairs, "value").unwrap_or_default();
                self.observation.get_or_insert_default().push((id, value));
            }
            "ObsValue" => self.value = get(&pairs, "value").unwrap_or_default(),
            "Time" if self.observation.is_some() => self.text = Some("time"),
            "Text" | "ErrorMessage" | "faultstring" => self.text = Some("said"),
            _ => {}
        }
    }

    fn read_text(&mut self, text: &str) {
        let text = text.trim();
        match self.text {
            Some("dataset") if !text.is_empty() => text.clone_into(&mut self.dataset),
            Some("time") => self.observation.get_or_insert_default().push(("TIME_PERIOD".to_owned(), text.to_owned())),
            Some("said") => {
                self.said.push_str(text);
                self.said.push(' ');
            }
            _ => {}
        }
    }

    fn close(&mut self, input: &Input, name: &str, ask: StatisticsAsk<'_>, sink: Sink<'_, RawObservation>) {
        self.text = None;
        match name {
            "Series" => self.series.clear(),
            "Obs" => {
                let Some(own) = self.observation.take() else { return };
                self.record += 1;
                sink(self.figure(input, own, ask));
            }
            _ => {}
        }
    }

    fn figure(&self, input: &Input, own: Pairs, ask: StatisticsAsk<'_>) -> Record<RawObservation> {
        let mut raw = RawObservation::at(input.origin(self.record));
        raw.indicator = ask.indicator.unwrap_or_else(|| dataset_code(&self.dataset)).to_owned();
        self.value.clone_into(&mut raw.value);
        let pairs: Vec<&(String, String)> = self.series.iter().chain(&own).collect();
        let (attributes, keys): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| is_attribute(name));
        let mut dimensions: Vec<Dimension> = keys.iter().map(|(name, _)| self.dimension(name)).collect();
        settle(&mut dimensions);
        for (dimension, (_, item)) in dimensions.iter().zip(keys) {
            let item = if dimension.name == MEASURE { item.rsplit(':').next().unwrap_or(item) } else { item };
            dimension.put(&mut raw, item, "");
        }
        attributes.into_iter().for_each(|(name, value)| put_attribute(&mut raw, name, value));
        if raw.unit.is_empty() {
            raw.unit = ask.unit.unwrap_or_default().to_owned();
        }
        if raw.period.is_empty() {
            return input.reject(self.record, RejectReason::MissingField, "no TIME_PERIOD".to_owned());
        }
        Record::Kept(raw)
    }

    /// An explicit measure names the indicator by the type of its observation.
    fn dimension(&self, name: &str) -> Dimension {
        if name.ends_with(":type") {
            return Dimension { name: MEASURE.to_owned(), role: Role::Indicator };
        }
        Dimension::of(name, "")
    }
}

const MEASURE: &str = "measure";
