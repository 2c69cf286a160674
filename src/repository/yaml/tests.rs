use super::*;

/// The tree in one line: `{key@line:column=value, …}`, `[…]`, `"text"`, `*alias`.
fn show(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Scalar => format!("{:?}", node.text().unwrap_or_default()),
        Kind::Sequence => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(" ")),
        Kind::Mapping => {
            let entry = |(key, value): (Node<'_>, Node<'_>)| {
                let place = key.place();
                format!("{}@{}:{}={}", key.text().unwrap_or("?"), place.line, place.column, show(value))
            };
            format!("{{{}}}", node.entries().map(entry).collect::<Vec<_>>().join(" "))
        }
        Kind::Alias => format!("*{}", show(node.resolved())),
    }
}

fn tree(text: &str) -> String {
    match Yaml::parse(text) {
        Ok(yaml) => yaml.documents().map(show).collect::<Vec<_>>().join(" --- "),
        Err(error) => error.to_string(),
    }
}

#[test]
fn keys_keep_their_places_order_and_repeats() {
    for (text, expected) in [
        ("", ""),
        ("# nothing\n", ""),
        ("a: 1\nb:\n  - x\n  - 'y'\n", r#"{a@1:1="1" b@2:1=["x" "y"]}"#),
        ("\u{feff}a: 1\n", r#"{a@1:1="1"}"#),
        ("a: 1\na: 2\n", r#"{a@1:1="1" a@2:1="2"}"#),
        ("é: {ü: 1, k: }", r#"{é@1:1={ü@1:5="1" k@1:11=""}}"#),
        ("a: &x [1]\nb: *x\n", r#"{a@1:1=["1"] b@2:1=*["1"]}"#),
        ("a\n---\nb\n", r#""a" --- "b""#),
        ("a: |\n  one\n  two\nb: >\n  three\n  four\n", "{a@1:1=\"one\\ntwo\\n\" b@4:1=\"three four\\n\"}"),
        ("? [1, 2]\n: x\n", r#"{?@1:3="x"}"#),
    ] {
        assert_eq!(tree(text), expected, "{text:?}");
    }
}

#[test]
fn places_cover_the_text_of_a_node() {
    let text = "folded:\n  text: >\n    a\n    b\n  more: 1\ntop:\n  list: [1, 2]\n  block:\n    - é: one\n    - two # why\nnext:\nlast: 'q'\n";
    let yaml = Yaml::parse(text).unwrap();
    let root = yaml.root().unwrap();
    let slice = |node: Node<'_>| &text[node.place().bytes.clone()];
    let folded = root.get("folded").unwrap().get("text").unwrap();
    assert_eq!((slice(folded), folded.place().end_line, folded.place().end_column), ("a\n    b\n", 5, 1));
    let top = root.get("top").unwrap();
    assert_eq!(slice(top.get("list").unwrap()), "[1, 2]");
    assert_eq!(slice(top.get("block").unwrap()), "- é: one\n    - two");
    assert_eq!(slice(root.get("last").unwrap()), "'q'");
    assert_eq!(slice(root.get("next").unwrap()), "");
    assert_eq!(root.get("next").unwrap().place().line, 11);
    assert_eq!(yaml.comments().iter().map(|c| (&*c.text, c.place.line)).collect::<Vec<_>>(), [(" why", 10)]);
}

#[test]
fn scalars_mean_what_the_core_schema_says() {
    use Value::*;
    for (text, expected) in [
        ("~", Null),
        ("null", Null),
        ("true", Bool(true)),
        ("FALSE", Bool(false)),
        ("yes", Text("yes")),
        ("off", Text("off")),
        ("12", Integer("12")),
        ("0x1F", Integer("0x1F")),
        ("0o17", Integer("0o17")),
        ("1_000", Text("1_000")),
        ("0.7", Float("0.7")),
        ("0.7.0", Text("0.7.0")),
        ("1e3", Float("1e3")),
        ("-.inf", Float("-.inf")),
        (".", Text(".")),
        ("e3", Text("e3")),
        ("'12'", Text("12")),
        ("!!str 12", Text("12")),
        ("!!int '12'", Integer("12")),
        ("2024-01-01", Text("2024-01-01")),
    ] {
        assert_eq!(Yaml::parse(text).unwrap().root().unwrap().value(), Some(expected), "{text:?}");
    }
}

#[test]
fn merge_keys_are_applied_only_by_fields() {
    let yaml = Yaml::parse("base: &b {x: 1, y: 2}\nuse:\n  <<: [*b, {z: 3}]\n  y: 4\n  y: 5\n").unwrap();
    let used = yaml.root().unwrap().get("use").unwrap();
    let fields: Vec<_> = used.fields().iter().map(|(k, v)| format!("{:?}{:?}", k.text(), v.text())).collect();
    assert_eq!(fields, [r#"Some("y")Some("4")"#, r#"Some("x")Some("1")"#, r#"Some("z")Some("3")"#]);
    assert_eq!(
        used.repeated_keys().iter().map(|(a, b)| (a.place().line, b.place().line)).collect::<Vec<_>>(),
        [(4, 5)]
    );
    assert!(used.get("x").is_none());
}

#[test]
fn tags_are_kept() {
    let yaml = Yaml::parse("script: !reference [.a, script]\n").unwrap();
    assert_eq!(yaml.root().unwrap().get("script").unwrap().tag(), Some("!reference"));
}

#[test]
fn hostile_files_are_refused_with_a_place() {
    let laughs = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let before = format!("*a{}, ", level - 1).repeat(10);
        format!("{text}a{level}: &a{level} [{}]\n", before.trim_end_matches(", "))
    });
    let chain = (1..1000).fold("m0: &m0 {k: 1}\n".to_owned(), |text, level| {
        format!("{text}m{level}: &m{level} {{<<: *m{}}}\n", level - 1)
    });
    for (text, expected) in [
        (laughs.as_str(), "more than 10000000 nodes with its aliases written out"),
        (chain.as_str(), "nested deeper than 128 levels"),
        (&"[".repeat(100_000), ""),
        (&"- ".repeat(100_000), ""),
        (&"{a: ".repeat(100_000), ""),
        ("a: &a [*a]\n", "an alias stands inside what it refers to"),
        ("a: *nowhere\n", ""),
        ("a:\n\t- b\n", ""),
        ("a: 'open\n", ""),
        ("a: b: c\n", ""),
    ] {
        let error = Yaml::parse(text).map(|_| ()).unwrap_err();
        assert!(error.reason.contains(expected), "{error}");
        assert!(error.line >= 1 && error.column >= 1);
    }
}

#[test]
fn large_and_wide_files_are_read() {
    let scalar = format!("a: \"{}\"\n", "é ".repeat(5 << 20));
    assert_eq!(Yaml::parse(&scalar).unwrap().root().unwrap().get("a").unwrap().text().map(str::len), Some(15 << 20));
    let comments = "# note\n".repeat(50_000) + "a: 1\n";
    assert_eq!(Yaml::parse(&comments).unwrap().comments().len(), 50_000);
}
