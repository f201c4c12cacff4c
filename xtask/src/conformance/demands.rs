//! What is demanded, and why a demand has no test.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tidy::Fault;

/// Demands that belong together: one table of the page.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) demands: Vec<Demand>,
}

/// One rule, hostile input or outage.
pub(super) struct Demand {
    /// `RS-13`, `B039`, `C04`.
    pub(super) id: String,
    pub(super) text: String,
    /// Tests that show it, though their names do not begin with its id.
    pub(super) tests: Vec<String>,
}

/// A reason for each id that has one.
pub(super) type Reasons = BTreeMap<String, String>;

/// What must be demanded: the rules of the resource server, and what is sent to it. RS-63 to RS-94
/// and B131 on belong to proof of possession, introspection, the gateway and the tenant.
pub(super) fn required() -> impl Iterator<Item = String> {
    let rules = (1..=62).chain(95..=99).map(|number| format!("RS-{number:02}"));
    rules.chain((1..=130).map(|number| format!("B{number:03}")))
}

/// Whether such an id can be: a test may show more than is demanded here.
pub(super) fn is_id(id: &str) -> bool {
    let of = |prefix, digits, most| {
        let number = id.strip_prefix(prefix).filter(|number: &&str| number.len() == digits);
        number.and_then(|number| number.parse::<u16>().ok()).is_some_and(|n| n >= 1 && n <= most)
    };
    of("RS-", 2, 99) || of("B", 3, 174) || of("C", 2, 22)
}

/// A file, if it is there.
type File<'a> = (String, Option<&'a str>);

pub(super) fn groups(file: File<'_>, faults: &mut Vec<Fault>) -> Vec<Group> {
    let (path, _) = &file;
    let path = path.clone();
    let groups: Vec<Group> = entries(file, faults).iter().map(group).collect();
    let mut seen = BTreeSet::new();
    for demand in groups.iter().flat_map(|group| &group.demands) {
        if !is_id(&demand.id) || demand.text.is_empty() || !seen.insert(demand.id.clone()) {
            let what = format!("`{}` is no id, or stands here twice, or says nothing", demand.id);
            faults.push(Fault::file(&path, what));
        }
    }
    let missing = required().filter(|id| !seen.contains(id));
    faults.extend(missing.map(|id| Fault::file(&path, format!("{id} is missing"))));
    groups
}

fn group(entry: &Value) -> Group {
    let demands = entry["demands"].as_array().map_or(&[][..], Vec::as_slice);
    Group {
        title: text_of(entry, "title"),
        about: text_of(entry, "about"),
        demands: demands
            .iter()
            .map(|demand| Demand {
                id: text_of(demand, "id"),
                text: text_of(demand, "demand"),
                tests: texts_of(demand, "tests"),
            })
            .collect(),
    }
}

pub(super) fn reasons(file: File<'_>, faults: &mut Vec<Fault>) -> Reasons {
    let path = file.0.clone();
    let mut reasons = Reasons::new();
    for entry in entries(file, faults) {
        let (id, reason) = (text_of(&entry, "id"), text_of(&entry, "reason"));
        if reason.is_empty() {
            faults.push(Fault::file(&path, format!("{id} has an empty reason")));
        }
        reasons.insert(id, reason);
    }
    reasons
}

/// The entries of a JSON array.
pub(super) fn entries((path, text): File<'_>, faults: &mut Vec<Fault>) -> Vec<Value> {
    let text = text.unwrap_or_default();
    serde_json::from_str(text).unwrap_or_else(|error| {
        faults.push(Fault::file(&path, format!("is not a JSON array: {error}")));
        Vec::new()
    })
}

pub(super) fn text_of(entry: &Value, key: &str) -> String {
    entry[key].as_str().unwrap_or_default().trim().to_owned()
}

pub(super) fn texts_of(entry: &Value, key: &str) -> Vec<String> {
    let texts = entry[key].as_array().map_or(&[][..], Vec::as_slice);
    texts.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
