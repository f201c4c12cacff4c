//! Reading one table of a seed file: what is in it, and what should not be.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::faults::{Faults, Located, Place, suggestion};

/// One table, such as one `[[api]]`.
#[derive(Clone, Debug)]
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    /// How faults call it: `[[api]]`.
    name: String,
    offset: usize,
}

impl<'t> Section<'t> {
    /// A table that has these keys and no others.
    pub(super) fn open(
        name: String,
        (table, offset): (&'t DeTable<'t>, usize),
        keys: &[&str],
        faults: &mut Faults<'_>,
    ) -> Section<'t> {
        let section = Section { table, name, offset };
        for key in table.keys() {
            let found = key.get_ref();
            if !keys.contains(&&**found) {
                let hint = suggestion(found, keys.iter().copied());
                let place = section.place(found, key.span().start);
                faults.add(&place, format!("unknown key; {hint}"));
            }
        }
        section
    }

    /// The place of the table itself, for what is missing in it.
    pub(super) fn own_place(&self) -> Place {
        Place { offset: self.offset, path: self.name.clone() }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    pub(super) fn text(&self, key: &str, faults: &mut Faults<'_>) -> Option<Located<String>> {
        let (value, place) = self.value(key)?;
        as_text(value, place, faults)
    }

    /// A text that must be there.
    pub(super) fn required(&self, key: &str, faults: &mut Faults<'_>) -> Option<Located<String>> {
        if !self.has(key) {
            faults.add(&self.own_place(), format!("expected the key `{key}`, found none"));
        }
        self.text(key, faults)
    }

    pub(super) fn flag(&self, key: &str, faults: &mut Faults<'_>) -> Option<bool> {
        let (value, place) = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            wrong(value, &place, "true or false", faults);
        }
        flag
    }

    pub(super) fn number(&self, key: &str, faults: &mut Faults<'_>) -> Option<Located<u64>> {
        let (value, place) = self.value(key)?;
        let integer = value.get_ref().as_integer();
        let number = integer.and_then(|i| u64::from_str_radix(i.as_str(), i.radix()).ok());
        let expected = "a whole number that is not negative";
        match (number, integer) {
            (Some(_), _) => {}
            (None, Some(found)) => {
                faults.add(&place, format!("expected {expected}, found {}", found.as_str()));
            }
            (None, None) => wrong(value, &place, expected, faults),
        }
        Some(Located { value: number?, place })
    }

    /// One of the values that have names.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Located<T>> {
        let text = self.text(key, faults)?;
        chosen(text, all, name, faults)
    }

    /// A list of texts, each with its place.
    pub(super) fn texts(&self, key: &str, faults: &mut Faults<'_>) -> Option<Vec<Located<String>>> {
        let (value, place) = self.value(key)?;
        let Some(array) = value.get_ref().as_array() else {
            wrong(value, &place, "a list of strings", faults);
            return None;
        };
        let items = array.iter().filter_map(|item| {
            let place = Place { offset: item.span().start, path: place.path.clone() };
            as_text(item, place, faults)
        });
        Some(items.collect())
    }

    /// Tables under a key: `[[key]]`, or a list of `{ ... }`. None when there is no such list.
    pub(super) fn sections(
        &self,
        key: &str,
        keys: &[&str],
        faults: &mut Faults<'_>,
    ) -> Option<Vec<Section<'t>>> {
        let (value, place) = self.value(key)?;
        let name = if self.name.is_empty() {
            format!("[[{key}]]")
        } else {
            format!("{} {key}", self.name)
        };
        let Some(array) = value.get_ref().as_array() else {
            wrong(value, &place, &format!("a list of tables: [[{key}]]"), faults);
            return None;
        };
        let mut sections = Vec::new();
        for item in array {
            let offset = item.span().start;
            match item.get_ref().as_table() {
                Some(table) => {
                    sections.push(Section::open(name.clone(), (table, offset), keys, faults));
                }
                None => wrong(item, &Place { offset, path: name.clone() }, "a table", faults),
            }
        }
        Some(sections)
    }

    /// Texts under keys that are values themselves, in the order of the file; `None` when the key
    /// holds no table.
    pub(super) fn texts_by_name(
        &self,
        key: &str,
        faults: &mut Faults<'_>,
    ) -> Option<Vec<(Located<String>, String)>> {
        let (value, place) = self.value(key)?;
        let table = value.get_ref().as_table()?;
        let mut texts = Vec::new();
        for (name, text) in table {
            let path = format!("{} {:?}", place.path, name.get_ref());
            let place = Place { offset: name.span().start, path };
            let name = Located { value: name.get_ref().clone().into_owned(), place: place.clone() };
            if let Some(text) = as_text(text, place, faults) {
                texts.push((name, text.value));
            }
        }
        texts.sort_by_key(|(name, _)| name.place.offset);
        Some(texts)
    }

    fn value(&self, key: &str) -> Option<(&'t Spanned<DeValue<'t>>, Place)> {
        let (name, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((value, self.place(key, name.span().start)))
    }

    fn place(&self, key: &str, offset: usize) -> Place {
        let printable = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let key = if printable { key.to_owned() } else { format!("{key:?}") };
        let path = if self.name.is_empty() { key } else { format!("{} {key}", self.name) };
        Place { offset, path }
    }
}

fn as_text(
    value: &Spanned<DeValue<'_>>,
    place: Place,
    faults: &mut Faults<'_>,
) -> Option<Located<String>> {
    let Some(text) = value.get_ref().as_str() else {
        wrong(value, &place, "a string", faults);
        return None;
    };
    Some(Located { value: text.to_owned(), place })
}

/// The value of this name.
pub(super) fn chosen<T: Copy>(
    text: Located<String>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
    faults: &mut Faults<'_>,
) -> Option<Located<T>> {
    let found = all.iter().copied().find(|value| name(*value) == text.value);
    if found.is_none() {
        let hint = suggestion(&text.value, all.iter().map(|value| name(*value)));
        faults.add(&text.place, format!("unknown value {:?}; {hint}", text.value));
    }
    Some(Located { value: found?, place: text.place })
}

fn wrong(found: &Spanned<DeValue<'_>>, place: &Place, expected: &str, faults: &mut Faults<'_>) {
    let found = match found.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    faults.add(place, format!("expected {expected}, found {found}"));
}
