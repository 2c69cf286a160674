//! Which edition of the standard a file follows: its version, and the country section of former versions.

use crate::repository::yaml::{Node, Value};

use super::schema::Type;
use super::validate::{Path, Walk};
use super::{at, fix, number, schema};

const VERSION: &str = "publiccodeYmlVersion";

impl<'y> Walk<'y> {
    /// Checks the format's version. `false` where the file is of a format that is not known here.
    pub(super) fn version_is_known(&mut self) -> bool {
        let root = self.root;
        let Some((name, value)) = root.entry_of(VERSION).filter(|(_, value)| !value.is_null()) else {
            self.complain(&self.anchor(root), VERSION, "missing");
            return true;
        };
        let Some(version) = value.text() else {
            self.below(name, VERSION, |walk| walk.wrong_type(value, &Path::default().key(VERSION), Type::Text));
            return true;
        };
        if !schema::values("version").contains(&version) {
            let allowed = schema::values("version").join(", ");
            self.report(at(value.place(), VERSION, "unknown-version").with("value", version).with("allowed", allowed));
            return false;
        }
        let is_current = schema::values("current-version").contains(&version);
        if number::reprinted(value).is_some() || matches!(value.value(), Some(Value::Bool(_))) {
            // An old version is replaced as a whole, below.
            let quoted = if is_current { fix::replace(value, &fix::quoted(version), true) } else { Vec::new() };
            self.report(at(name.place(), VERSION, "version-not-quoted").with("value", version).fixed_by(quoted));
        }
        if !is_current {
            let latest = fix::replace(value, &fix::quoted("0"), true);
            self.report(at(name.place(), VERSION, "old-version").with("value", version).fixed_by(latest));
        }
        true
    }

    /// The Italian section, in either case, is one and the same; as a whole it is deprecated since 0.7.0.
    pub(super) fn country_section(&mut self) {
        let given = |key: &str| self.root.entry_of(key).filter(|(_, value)| !value.is_null()).map(|(name, _)| name);
        let (upper, lower): (Option<Node<'y>>, Option<Node<'y>>) = (given("IT"), given("it"));
        if let Some(name) = upper {
            self.complain(name.place(), "IT", "country-section");
        }
        if let Some(name) = lower {
            let rename = if upper.is_none() { fix::replace(name, "IT", true) } else { Vec::new() };
            self.report(at(name.place(), "it", "lowercase-section").fixed_by(rename));
            if upper.is_some() {
                self.complain(name.place(), "it", "section-twice");
            }
        }
    }
}
