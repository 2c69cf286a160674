//! Packages of one vendor's service or product (`rules/knowledge/packages.tsv`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobMatcher};

use super::super::model::{Ecosystem, NamedIn, Package, PathClass, Scope};
use super::super::place::Place;
use super::{Hit, Subject};
use crate::builtin;

/// A glob over package names, with the condition on the version.
struct Known {
    name: GlobMatcher,
    /// The first number of the version must be at least this.
    from_major: Option<u64>,
    subject: usize,
}

struct Table {
    subjects: Vec<Subject>,
    by_ecosystem: BTreeMap<Ecosystem, Vec<Known>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { subjects: Vec::new(), by_ecosystem: BTreeMap::new() };
    for row in builtin::rows(builtin::file("knowledge/packages.tsv").unwrap_or_default()) {
        let Some(ecosystem) = Ecosystem::from_name(row.get("ecosystem")) else { continue };
        let from_major = row.get("versions").strip_prefix(">=").and_then(|number| number.parse().ok());
        let subject = table.subjects.len();
        table.subjects.push(Subject::of(&row));
        let known = row.list("packages").filter_map(glob).map(|name| Known { name, from_major, subject });
        table.by_ecosystem.entry(ecosystem).or_default().extend(known);
    }
    table
});

/// A glob over package names; `*` spans everything but `/` at its end, so that `@scope/*` is one scope.
pub fn glob(pattern: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(pattern)
        .case_insensitive(true)
        .literal_separator(false)
        .build()
        .ok()
        .map(|glob| glob.compile_matcher())
}

/// The first number in a version or requirement: 2 for `^2.1`, `>=2,<3`, `v2.0.0`.
fn major(version: &str) -> Option<u64> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Packages that the project itself asks for, for other than its developers.
pub fn hits(packages: &[Package]) -> impl Iterator<Item = Hit> + '_ {
    let asked = packages.iter().filter(|package| {
        package.named_in == NamedIn::Manifest
            && package.class == PathClass::Source
            && matches!(package.scope, Scope::Runtime | Scope::Optional | Scope::Build)
    });
    asked.filter_map(|package| {
        let table = &*TABLE;
        let known = table.by_ecosystem.get(&package.ecosystem)?.iter().find(|known| {
            let is_version = match (known.from_major, package.version.as_deref().and_then(major)) {
                (Some(from), Some(major)) => major >= from,
                _ => true,
            };
            is_version && known.name.is_match(&package.name)
        })?;
        // Of a plug-in only its id is written, not the artifact that Gradle makes of it.
        let snippet = match package.name.split_once(':') {
            Some((id, artifact)) if artifact.ends_with(".gradle.plugin") => id.to_owned(),
            _ => package.name.clone(),
        };
        Some(Hit {
            subject: table.subjects.get(known.subject)?,
            path: package.path.clone(),
            class: package.class,
            place: Place { line: package.line, column: package.column, end_column: package.end_column },
            snippet,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(ecosystem: Ecosystem, name: &str, version: &str) -> Package {
        Package {
            ecosystem,
            name: name.to_owned(),
            version: Some(version.to_owned()).filter(|version| !version.is_empty()),
            scope: Scope::Runtime,
            named_in: NamedIn::Manifest,
            path: "m".to_owned(),
            class: PathClass::Source,
            line: 1,
            column: 1,
            end_column: 1,
            licence: None,
        }
    }

    #[test]
    fn packages_are_matched_by_name() {
        use Ecosystem::*;
        for (ecosystem, name, version, expected) in [
            (Npm, "mapbox-gl", "^2.1", Some("mapbox-gl")),
            (Npm, "mapbox-gl", "1.13.2", None),
            (Npm, "maplibre-gl", "4", None),
            (Composer, "firebase/php-jwt", "^6", None),
            (Gem, "aws-sdk-cloudwatch", "", Some("aws-sdk")),
            (Gem, "aws-sdk-s3", "", Some("aws-s3")),
            (Gem, "aws-sdk-ses", "", Some("aws-sdk")),
            (Npm, "@aws-sdk/client-s3", "3", Some("aws-s3-npm")),
            (Npm, "@aws-sdk/client-sqs", "3", Some("aws-sdk-npm")),
            (Npm, "@azure/functions", "1", Some("azure-npm")),
            (Maven, "com.google.android.gms:play-services-safetynet", "18", Some("play-attestation")),
            (Maven, "com.google.android.gms:play-services-maps", "18", Some("google-maps-android")),
            (Maven, "com.google.android.gms:play-services-nearby", "18", Some("play-services")),
            (Maven, "com.sendinblue:sib-api-v3-sdk", "7", Some("mail-api-maven")),
            (Maven, "org.postgresql:postgresql", "42", None),
            (Maven, "com.google.firebase:firebase-analytics", "22", Some("firebase-android")),
            (Maven, "com.google.firebase:firebase-auth", "23", Some("firebase-android")),
            (Maven, "com.google.firebase:firebase-admin", "9", Some("google-cloud-maven")),
            (PyPi, "boto3", "1", Some("aws-sdk-python")),
            (Npm, "boto3", "1", None),
        ] {
            let packages = [package(ecosystem, name, version)];
            let seen: Vec<_> = hits(&packages).map(|hit| hit.subject.id).collect();
            assert_eq!(seen, expected.into_iter().collect::<Vec<_>>(), "{name} {version}");
        }
        let mut dev = package(Npm, "firebase", "9");
        dev.scope = Scope::Dev;
        assert_eq!(hits(&[dev]).count(), 0, "what only developers need does not bind the users");
    }

    #[test]
    fn every_row_can_be_used() {
        let rows: Vec<_> = builtin::rows(builtin::file("knowledge/packages.tsv").unwrap_or_default()).collect();
        assert_eq!(rows.len(), TABLE.subjects.len(), "a row has an unknown ecosystem");
        for row in rows {
            assert!(row.list("packages").all(|pattern| glob(pattern).is_some()), "{}", row.get("id"));
            assert!(["", ">=2"].contains(&row.get("versions")), "{}", row.get("id"));
        }
    }
}
