//! Python: pyproject.toml (PEP 621, PEP 735, Poetry, uv, PDM, Hatch), setup.cfg, setup.py, requirements files,
//! Pipfile, and the lockfiles of Poetry, uv, PDM, Pipenv and PEP 751.

use std::sync::LazyLock;

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::json::{self, Member, Node};
use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::cargo::{table, toml};
use super::{Fault, Found, Named, Source, lines, offset};

pub fn pyproject(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = toml(source.text)?;
    let project = table(&root, "project");
    let poetry = table(&root, "tool").and_then(|tool| table(tool, "poetry"));
    for owner in project.into_iter().chain(poetry) {
        if let Some(licence) = owner.get("license") {
            // A string (PEP 639, Poetry), or a table with `text`; `file` only points to the text.
            match licence.get_ref() {
                DeValue::Table(detail) => {
                    if let Some(text) = detail.get("text") {
                        declare(source, found, DeclarationKind::PyProject, text);
                    }
                }
                _ => declare(source, found, DeclarationKind::PyProject, licence),
            }
        }
        for classifier in strings(owner, "classifiers") {
            if classifier.get_ref().as_str().is_some_and(|text| text.starts_with("License ::")) {
                declare(source, found, DeclarationKind::Classifier, classifier);
            }
        }
    }
    if let Some(project) = project {
        requirement_list(source, found, project, "dependencies", Scope::Runtime);
        if let Some(extras) = table(project, "optional-dependencies") {
            for key in extras.keys() {
                requirement_list(source, found, extras, key.get_ref(), extra_scope(key.get_ref()));
            }
        }
    }
    if let Some(groups) = table(&root, "dependency-groups") {
        for key in groups.keys() {
            requirement_list(source, found, groups, key.get_ref(), Scope::Dev);
        }
    }
    if let Some(build) = table(&root, "build-system") {
        requirement_list(source, found, build, "requires", Scope::Build);
    }
    let tool = |name: &str| table(&root, "tool").and_then(|tool| table(tool, name));
    if let Some(uv) = tool("uv") {
        requirement_list(source, found, uv, "dev-dependencies", Scope::Dev);
    }
    if let Some(groups) = tool("pdm").and_then(|pdm| table(pdm, "dev-dependencies")) {
        for key in groups.keys() {
            requirement_list(source, found, groups, key.get_ref(), Scope::Dev);
        }
    }
    for (_, environment) in
        tool("hatch").and_then(|hatch| table(hatch, "envs")).into_iter().flat_map(|list| list.iter())
    {
        if let DeValue::Table(environment) = environment.get_ref() {
            requirement_list(source, found, environment, "dependencies", Scope::Dev);
            requirement_list(source, found, environment, "extra-dependencies", Scope::Dev);
        }
    }
    if let Some(poetry) = poetry {
        poetry_table(source, found, poetry, "dependencies", Scope::Runtime);
        poetry_table(source, found, poetry, "dev-dependencies", Scope::Dev);
        for (name, group) in table(poetry, "group").into_iter().flat_map(|groups| groups.iter()) {
            if let DeValue::Table(group) = group.get_ref() {
                let scope = if name.get_ref() == "main" { Scope::Runtime } else { Scope::Dev };
                poetry_table(source, found, group, "dependencies", scope);
            }
        }
    }
    Ok(())
}

fn declare(source: &Source, found: &mut Found, kind: DeclarationKind, value: &Spanned<DeValue>) {
    if let Some(text) = value.get_ref().as_str() {
        let span = value.span();
        found.declaration(source, kind, text, span.start + 1, span.end.saturating_sub(1));
    }
}

fn strings<'t, 'a>(parent: &'t DeTable<'a>, key: &str) -> &'t [Spanned<DeValue<'a>>] {
    match parent.get(key).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => items,
        _ => &[],
    }
}

/// Extras of these names are for developers, by custom.
fn extra_scope(name: &str) -> Scope {
    match name {
        "dev" | "test" | "tests" | "testing" | "lint" | "docs" | "doc" | "develop" | "development" => Scope::Dev,
        _ => Scope::Optional,
    }
}

fn requirement_list(source: &Source, found: &mut Found, parent: &DeTable, key: &str, scope: Scope) {
    for item in strings(parent, key) {
        if let Some(text) = item.get_ref().as_str() {
            requirement(source, found, text, item.span().start + 1, scope);
        }
    }
}

fn poetry_table(source: &Source, found: &mut Found, parent: &DeTable, key: &str, scope: Scope) {
    for (name, spec) in table(parent, key).into_iter().flat_map(|entries| entries.iter()) {
        let (mut version, mut scope) = (spec.get_ref().as_str(), scope);
        if let DeValue::Table(detail) = spec.get_ref() {
            version = detail.get("version").and_then(|version| version.get_ref().as_str());
            if scope == Scope::Runtime && detail.get("optional").and_then(|o| o.get_ref().as_bool()) == Some(true) {
                scope = Scope::Optional;
            }
        }
        if name.get_ref() != "python" {
            let package = Named::new(Ecosystem::PyPi, normalised(name.get_ref()), version, scope);
            found.package(source, NamedIn::Manifest, name.span().start, package);
        }
    }
}

/// Names are compared in lower case with `-` for every run of `-`, `_` and `.` (PEP 503).
pub(super) fn normalised(name: &str) -> String {
    let mut parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    let mut text = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        text.push('-');
        text.push_str(&part.to_ascii_lowercase());
    }
    text
}

/// A requirement as in PEP 508: `Name[extra]>=1,<2; marker`.
static REQUIREMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:\(?\s*((?:===?|~=|!=|<=?|>=?)[^;#)]*)|@[^;]*)?\)?\s*(?:[;#\\].*|--hash.*)?$").ok()
});

fn requirement(source: &Source, found: &mut Found, text: &str, at: usize, scope: Scope) {
    if let Some(parts) = REQUIREMENT.as_ref().and_then(|pattern| pattern.captures(text))
        && let Some(name) = parts.get(1)
    {
        let version = parts.get(2).map(|version| version.as_str().trim().trim_end_matches('\\').trim());
        let package = Named::new(Ecosystem::PyPi, normalised(name.as_str()), version, scope);
        found.package(source, NamedIn::Manifest, at + name.start(), package);
    }
}

pub fn requirements(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let name = source.path.rsplit('/').next().unwrap_or(source.path).to_ascii_lowercase();
    let folder = source.path.rsplit('/').nth(1).unwrap_or_default();
    let is_for_developers = |word: &str| matches!(word, "ci" | "local" | "linting") || extra_scope(word) == Scope::Dev;
    let scope = match name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_for_developers) {
        true => Scope::Dev,
        false if matches!(folder, "docs" | "tests" | "test") => Scope::Dev,
        false => Scope::Runtime,
    };
    // Constraints only say in which version what is asked for elsewhere is installed.
    let asks = if name.contains("constraint") { NamedIn::Lockfile } else { NamedIn::Manifest };
    let mut remark = String::new();
    for (at, line) in lines(source.text) {
        let trimmed = line.trim_start();
        let before = found.packages.len();
        if let Some((_, name)) = line.split_once("#egg=").filter(|_| !trimmed.starts_with('#')) {
            // What comes from a repository is named by its fragment.
            let end = name.find(['&', '[', ' ', '=', ';']).unwrap_or(name.len());
            requirement(source, found, &name[..end], at + offset(line, name), scope);
        } else if !trimmed.starts_with(['-', '#']) {
            requirement(source, found, line, at, scope);
        }
        if found.packages.len() > before || trimmed.is_empty() {
            remark.clear();
        }
        remark.push_str(line.split_once('#').map_or("", |(_, remark)| remark));
        if let Some(package) = found.packages.last_mut().filter(|package| package.path == source.path) {
            package.named_in = if is_of_another(&remark) { NamedIn::Lockfile } else { asks };
        }
    }
    Ok(())
}

/// Whether a remark of pip-compile or uv says that only other packages ask for this one: `via x`, and not
/// `via -r requirements.in` or `via project (pyproject.toml)`.
fn is_of_another(remark: &str) -> bool {
    let asking = remark.trim_start().strip_prefix("via");
    asking.is_some_and(|asking| asking.starts_with([' ', '\t']) && !asking.contains("-r ") && !asking.contains('('))
}

/// The requirements files that one includes (`-r other.txt`), as it names them.
pub fn includes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim();
        let rest = line.strip_prefix("--requirement").or_else(|| line.strip_prefix("-r"))?;
        let path = rest.trim_start_matches('=').split_whitespace().next()?;
        (!path.contains("://")).then_some(path.trim_matches(['"', '\'']))
    })
}

/// INI: the keys `license`, `classifiers`, `install_requires` and the section of extras.
pub fn setup_cfg(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let (mut section, mut key) = ("", "");
    for (at, line) in lines(source.text) {
        let trimmed = line.trim();
        let mut value = (trimmed, at + offset(line, trimmed));
        if let Some(name) = line.strip_prefix('[') {
            (section, key) = (name.trim_end_matches([']', ' ']), "");
            continue;
        }
        if !line.starts_with([' ', '\t'])
            && let Some((name, rest)) = line.split_once('=')
        {
            key = name.trim();
            value = (rest.trim(), at + offset(line, rest.trim()));
        }
        let (text, start) = value;
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        match (section, key) {
            // `license = file: LICENSE` is an old way to point to the text.
            ("metadata", "license") if !text.starts_with("file:") => {
                found.declaration(source, DeclarationKind::SetupCfg, text, start, start + text.len());
            }
            ("metadata", "classifiers" | "classifier") if text.starts_with("License ::") => {
                found.declaration(source, DeclarationKind::Classifier, text, start, start + text.len());
            }
            ("options", "install_requires") => requirement(source, found, text, start, Scope::Runtime),
            ("options", "tests_require") => requirement(source, found, text, start, Scope::Dev),
            ("options", "setup_requires") => requirement(source, found, text, start, Scope::Build),
            ("options.extras_require", extra) => requirement(source, found, text, start, extra_scope(extra)),
            _ => {}
        }
    }
    Ok(())
}

/// What a setup.py says in literals. It is a program; what it computes is not seen.
static SETUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^\s*license\s*=\s*['"]([^'"\n]+)['"]|['"](License :: [^'"\n]+)['"]|(install_requires|tests_require|setup_requires)\s*=\s*\[([^\]]*)\]|extras_require\s*=\s*\{([^}]*)\}"#).ok()
});

/// `'name': [requirements]` of the extras.
static EXTRA: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"['"]([^'"\n]+)['"]\s*:\s*\[([^\]]*)\]"#).ok());

static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"['"]([^'"\n]+)['"]"#).ok());

pub fn setup_py(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let (Some(setup), Some(extra)) = (SETUP.as_ref(), EXTRA.as_ref()) else { return Ok(()) };
    for parts in setup.captures_iter(source.text) {
        for (group, kind) in [(1, DeclarationKind::SetupPy), (2, DeclarationKind::Classifier)] {
            if let Some(value) = parts.get(group) {
                found.declaration(source, kind, value.as_str(), value.start(), value.end());
            }
        }
        if let (Some(key), Some(list)) = (parts.get(3), parts.get(4)) {
            let scope = match key.as_str() {
                "tests_require" => Scope::Dev,
                "setup_requires" => Scope::Build,
                _ => Scope::Runtime,
            };
            quoted_list(source, found, list.as_str(), list.start(), scope);
        }
        if let Some(extras) = parts.get(5) {
            for extra in extra.captures_iter(extras.as_str()) {
                if let (Some(name), Some(list)) = (extra.get(1), extra.get(2)) {
                    let at = extras.start() + list.start();
                    quoted_list(source, found, list.as_str(), at, extra_scope(name.as_str()));
                }
            }
        }
    }
    Ok(())
}

/// The requirements in a list of string literals that starts at byte `at`.
fn quoted_list(source: &Source, found: &mut Found, list: &str, at: usize, scope: Scope) {
    for item in QUOTED.iter().flat_map(|quoted| quoted.captures_iter(list)).filter_map(|parts| parts.get(1)) {
        requirement(source, found, item.as_str(), at + item.start(), scope);
    }
}

pub fn pipfile(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = toml(source.text)?;
    poetry_table(source, found, &root, "packages", Scope::Runtime);
    poetry_table(source, found, &root, "dev-packages", Scope::Dev);
    Ok(())
}

pub fn pipfile_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    for (key, scope) in [("default", Scope::Runtime), ("develop", Scope::Dev)] {
        for Member { key: name, start, node } in root.get(key).map(Node::members).unwrap_or_default() {
            let version = node.get("version").and_then(Node::as_str).map(|version| version.trim_start_matches('='));
            let package = Named::new(Ecosystem::PyPi, normalised(name), version, scope);
            found.package(source, NamedIn::Lockfile, *start, package);
        }
    }
    Ok(())
}

/// uv marks the project's own packages, those of its workspace and other folders by their source.
const OWN_SOURCES: [&str; 3] = ["source = { editable", "source = { virtual", "source = { directory"];

/// poetry.lock, uv.lock, pdm.lock and pylock.toml: `[[package]]` (`[[packages]]`) with `name` and `version`, always
/// in this form. Poetry and PDM name the groups that need it, old Poetry its `category`.
pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let mut name: Option<(usize, &str)> = None;
    let mut is_entry = false;
    for (at, line) in lines(source.text) {
        if line.starts_with('[') {
            (name, is_entry) = (None, false);
        } else if let Some(value) = line.strip_prefix("name = ") {
            name = Some((at, value.trim_matches('"')));
        } else if let Some(version) = line.strip_prefix("version = ")
            && let Some((at, name)) = name.take()
        {
            let package =
                Named::new(Ecosystem::PyPi, normalised(name), Some(version.trim_matches('"')), Scope::Runtime);
            found.package(source, NamedIn::Lockfile, at, package);
            is_entry = true;
        } else if is_entry && OWN_SOURCES.iter().any(|own| line.starts_with(own)) {
            found.packages.pop();
            is_entry = false;
        } else if is_entry
            && let Some(scope) = locked_scope(line)
            && let Some(package) = found.packages.last_mut()
        {
            package.scope = scope;
        }
    }
    Ok(())
}

/// What a line of a lockfile's entry says of its scope.
fn locked_scope(line: &str) -> Option<Scope> {
    if line == "optional = true" {
        return Some(Scope::Optional);
    }
    let (key, value) = line.split_once(" = ")?;
    let groups = match key {
        "category" | "groups" => value.trim_matches(['[', ']', ' ']),
        _ => return None,
    };
    let mut names = groups.split(',').map(|name| name.trim().trim_matches('"')).filter(|name| !name.is_empty());
    names.all(|name| !matches!(name, "main" | "default")).then_some(Scope::Dev)
}

#[cfg(test)]
mod tests {
    use super::super::super::model::PathClass;
    use super::super::super::place::Places;
    use super::super::testing::found;
    use super::*;

    #[test]
    fn pyproject() {
        let text = "[project]\nlicense = { text = \"MIT\" }\nclassifiers = [\n  \"License :: OSI Approved :: MIT License\",\n  \"Topic :: X\"]\ndependencies = [\n  \"Boto3[crt]>=1.2,<2 ; python_version > '3'\",\n]\n[project.optional-dependencies]\ndev = [\"pytest\"]\ngis = [\"x.y_z==1\"]\n[build-system]\nrequires = [\"hatchling\"]\n";
        assert_eq!(
            found("pyproject.toml", text),
            [
                "2:21-24 PyProject MIT",
                "4:4-42 Classifier License :: OSI Approved :: MIT License",
                "7:4 pypi/boto3@>=1.2,<2 Runtime",
                "10:9 pypi/pytest Dev",
                "11:9 pypi/x-y-z@==1 Optional",
                "13:14 pypi/hatchling Build",
            ]
        );
        let poetry = "[tool.poetry]\nlicense = \"AGPL-3.0\"\n[tool.poetry.dependencies]\npython = \"^3\"\na = {version = \"^1\", optional = true}\n[tool.poetry.group.dev.dependencies]\nb = \"*\"\n";
        assert_eq!(
            found("pyproject.toml", poetry),
            ["2:12-20 PyProject AGPL-3.0", "5:1 pypi/a@^1 Optional", "7:1 pypi/b@* Dev"]
        );
        let groups = "[dependency-groups]\ndev = [\"a\", {include-group = \"x\"}]\n[tool.uv]\ndev-dependencies = [\"b\"]\n[tool.pdm.dev-dependencies]\nt = [\"c\"]\n[tool.hatch.envs.docs]\ndependencies = [\"d\"]\n";
        assert_eq!(
            found("pyproject.toml", groups),
            ["2:9 pypi/a Dev", "4:22 pypi/b Dev", "6:7 pypi/c Dev", "8:18 pypi/d Dev"]
        );
        assert!(found("pyproject.toml", "[project]\nlicense = {file = \"LICENSE\"}\n").is_empty());
    }

    #[test]
    fn setup() {
        let cfg = "[metadata]\nlicense = MIT\nclassifiers =\n    License :: OSI Approved :: MIT License\n[options]\ninstall_requires =\n    a>=1\n    # no\n    b\n[options.extras_require]\ntests =\n    c\n";
        assert_eq!(
            found("setup.cfg", cfg),
            [
                "2:11-14 SetupCfg MIT",
                "4:5-43 Classifier License :: OSI Approved :: MIT License",
                "7:5 pypi/a@>=1 Runtime",
                "9:5 pypi/b Runtime",
                "12:5 pypi/c Dev",
            ]
        );
        let py = "setup(\n  license='GPLv3',\n  classifiers=['License :: OSI Approved :: X'],\n  install_requires=['a==1',\n    \"b\"],\n  extras_require={'dev': ['c'], 'gis': [\"d>1\"]},\n)";
        assert_eq!(
            found("setup.py", py),
            [
                "2:12-17 SetupPy GPLv3",
                "3:17-45 Classifier License :: OSI Approved :: X",
                "4:22 pypi/a@==1 Runtime",
                "5:6 pypi/b Runtime",
                "6:28 pypi/c Dev",
                "6:42 pypi/d@>1 Optional",
            ]
        );
    }

    #[test]
    fn what_only_other_packages_ask_for() {
        let text = "# This file is autogenerated\na==1\n    # via\n    #   -c constraints.txt\n    #   b\nb==1  # via -r requirements.in\n\nc==1 \\\n    --hash=sha256:1\n    # via me (pyproject.toml)\nd==1  # via b\n# viable\ne\n";
        let places = Places::new(text);
        for (path, expected) in [("requirements.txt", "bce"), ("constraints-requirements.txt", "")] {
            let source = Source { path, class: PathClass::Source, text, places: &places };
            let mut found = Found::default();
            requirements(&source, &mut found).unwrap();
            assert_eq!(found.packages.len(), 5);
            let asked = found.packages.iter().filter(|package| package.named_in == NamedIn::Manifest);
            assert_eq!(asked.map(|package| package.name.as_str()).collect::<String>(), expected, "{path}");
        }
    }

    #[test]
    fn requirements_and_locks() {
        let text =
            "-r base.txt\n# x\nDjango==4.2 \\\n    --hash=sha256:1\ngit+https://x/y\nboto3\nfoo @ https://x/y.zip\n";
        assert_eq!(
            found("requirements.txt", text),
            ["3:1 pypi/django@==4.2 Runtime", "6:1 pypi/boto3 Runtime", "7:1 pypi/foo Runtime"]
        );
        assert_eq!(found("requirements-dev.txt", "a\n"), ["1:1 pypi/a Dev"]);
        assert_eq!(
            includes("-r a.txt\n-rb.txt # b\n--requirement=c/d.txt\n# -r no\n-c no\n-r https://x/y.txt\n")
                .collect::<Vec<_>>(),
            ["a.txt", "b.txt", "c/d.txt"]
        );
        assert_eq!(found("requirements-social.txt", "a\n"), ["1:1 pypi/a Runtime"]);
        assert_eq!(found("app/requirements/test.txt", "a\n"), ["1:1 pypi/a Dev"]);
        assert_eq!(
            found(
                "requirements/base.txt",
                "-e git+https://x/y@v1#egg=My_App&subdirectory=z\nb[c]==1 ; os_name == 'x'\n"
            ),
            ["1:27 pypi/my-app Runtime", "2:1 pypi/b@==1 Runtime"]
        );
        let uv = "[[package]]\nname = \"me\"\nversion = \"1\"\nsource = { editable = \".\" }\n\n[[package]]\nname = \"A_b\"\nversion = \"2\"\n";
        assert_eq!(found("uv.lock", uv), ["7:1 pypi/a-b@2 Runtime"]);
        let own =
            "[[package]]\nname = \"a\"\nversion = \"1\"\n\n[[package]]\nname = \"me\"\nsource = { editable = \".\" }\n";
        assert_eq!(found("uv.lock", own), ["2:1 pypi/a@1 Runtime"], "a project whose version is computed has none");
        let poetry = "[[package]]\nname = \"a\"\nversion = \"1\"\noptional = false\ngroups = [\"dev\"]\n\n[[package]]\nname = \"b\"\nversion = \"2\"\ngroups = [\"main\", \"dev\"]\n\n[[package]]\nname = \"c\"\nversion = \"3\"\noptional = true\n\n[package.extras]\nversion = \"x\"\n";
        assert_eq!(
            found("poetry.lock", poetry),
            ["2:1 pypi/a@1 Dev", "8:1 pypi/b@2 Runtime", "13:1 pypi/c@3 Optional"]
        );
        let old = "[[package]]\nname = \"a\"\nversion = \"1\"\ncategory = \"dev\"\n";
        assert_eq!(found("poetry.lock", old), ["2:1 pypi/a@1 Dev"]);
        let pdm = "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\n";
        assert_eq!(found("pdm.lock", pdm), ["2:1 pypi/a@1 Runtime"]);
        assert_eq!(found("pylock.toml", "[[packages]]\nname = \"a\"\nversion = \"1\"\n"), ["2:1 pypi/a@1 Runtime"]);
        assert_eq!(found("Pipfile.lock", "{\"develop\": {\"a\": {\"version\": \"==1\"}}}"), ["1:14 pypi/a@1 Dev"]);
        assert_eq!(found("Pipfile", "[packages]\na = \"*\"\n"), ["2:1 pypi/a@* Runtime"]);
    }
}
