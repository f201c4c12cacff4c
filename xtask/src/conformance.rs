//! `cargo xtask conformance`: what is demanded, and which tests show it, as one page.
//!
//! The page is made of data alone: the demands, the rows of the testkit, the names of the tests,
//! and the reasons where a demand does not apply. `cargo xtask tidy` refuses a page that is stale.

mod demands;
mod evidence;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};

use crate::tidy::{Fault, files};
use crate::{places, shell};
use demands::{Group, Reasons};
use evidence::{Evidence, Test};

/// Where the page lies.
pub(crate) const PAGE: &str = "docs/conformance.md";

const VECTORS: &str = "crates/bearward-testkit/vectors/";

/// All that the page is made of.
struct Conformance {
    groups: Vec<Group>,
    evidence: Evidence,
    not_applicable: Reasons,
    not_yet: Reasons,
}

/// Writes the page.
pub(crate) fn run() -> anyhow::Result<()> {
    let (conformance, faults) = Conformance::read(&files::below(places::root())?);
    for fault in &faults {
        shell::say(&format!("   fault {fault}"));
    }
    if !faults.is_empty() {
        bail!("{} faults: no page is written", faults.len());
    }
    std::fs::write(places::root().join(PAGE), page::write(&conformance))
        .with_context(|| format!("cannot write {PAGE}"))?;
    shell::say(&format!("  written  {PAGE}"));
    Ok(())
}

/// The faults of the data, and the page if it is not what the data says.
pub(crate) fn check(files: &[(String, String)], page: &str) -> Vec<Fault> {
    let (conformance, mut faults) = Conformance::read(files);
    if faults.is_empty() && page::write(&conformance) != page {
        faults.push(Fault::file(PAGE, "is stale: run `cargo xtask conformance`"));
    }
    faults
}

impl Conformance {
    fn read(files: &[(String, String)]) -> (Conformance, Vec<Fault>) {
        let mut faults = Vec::new();
        let text_of = |name: &str| {
            let path = format!("{VECTORS}{name}");
            let found = files.iter().find(|(candidate, _)| *candidate == path);
            (path, found.map(|(_, text)| text.as_str()))
        };
        let conformance = Conformance {
            groups: demands::groups(text_of("demands.json"), &mut faults),
            evidence: evidence::find(files, &mut faults),
            not_applicable: demands::reasons(text_of("not-applicable.json"), &mut faults),
            not_yet: demands::reasons(text_of("not-yet.json"), &mut faults),
        };
        conformance.check(&mut faults);
        (conformance, faults)
    }

    fn check(&self, faults: &mut Vec<Fault>) {
        let known: BTreeSet<&str> = self.demands().map(|demand| demand.id.as_str()).collect();
        for demand in self.demands() {
            let missing =
                demand.tests.iter().filter(|name| !self.evidence.names.contains_key(*name));
            faults.extend(missing.map(|name| {
                Fault::file(
                    VECTORS,
                    format!("{} names a test that does not exist: {name}", demand.id),
                )
            }));
            let (shown, id) = (!self.shown_by(demand).is_empty(), &demand.id);
            let excuses = [&self.not_applicable, &self.not_yet];
            let excuses = excuses.iter().filter(|reasons| reasons.contains_key(id)).count();
            let what = match (shown, excuses) {
                (true, 0) | (false, 1) => continue,
                (true, _) => format!("{id} has a test and a reason why it has none: remove one"),
                (false, 0) => format!("{id} has neither a test nor a reason why it has none"),
                (false, _) => format!("{id} has two reasons why it has no test: remove one"),
            };
            faults.push(Fault::file(VECTORS, what));
        }
        let excused = self.not_applicable.keys().chain(self.not_yet.keys());
        let unknown = excused.filter(|id| !known.contains(id.as_str()));
        faults.extend(unknown.map(|id| Fault::file(VECTORS, format!("there is no demand {id}"))));
    }

    fn demands(&self) -> impl Iterator<Item = &demands::Demand> {
        self.groups.iter().flat_map(|group| &group.demands)
    }

    /// The tests of a demand by the file that they stand in: those that name it, and those that it
    /// names.
    fn shown_by(&self, demand: &demands::Demand) -> BTreeMap<&str, Vec<&Test>> {
        let mut by_file: BTreeMap<&str, Vec<&Test>> = BTreeMap::new();
        let named = demand.tests.iter().filter_map(|name| self.evidence.names.get(name)).flatten();
        for test in self.evidence.of.get(&demand.id).into_iter().flatten().chain(named) {
            by_file.entry(&test.path).or_default().push(test);
        }
        by_file
    }
}

#[cfg(test)]
mod tests;
