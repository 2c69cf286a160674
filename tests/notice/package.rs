//! Packages of notices are streamed member by member.

use std::io::{Cursor, Write};

use acquis::document::Limits;
use acquis::notice::{Package, read_package};
use zip::write::SimpleFileOptions;

const CALL: &str = include_str!("fixtures/call.xml");
const AWARD: &str = include_str!("fixtures/award.xml");

/// What each member gave: the title of its notice or the reason why there is none.
fn read(bytes: &[u8], limits: &Limits) -> Vec<String> {
    let mut found = Vec::new();
    let package = Package::of(bytes).expect("a package");
    read_package(Cursor::new(bytes), package, "notices", limits, &mut |result| {
        found.push(match result {
            Ok(notice) => format!("{}: {}", notice.document.member.unwrap_or_default(), notice.document.blocks[0].text),
            Err(not_read) => format!("{}: not read: {}", not_read.place.unwrap_or_default(), not_read.reason),
        });
    });
    found
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("written in memory");
        writer.write_all(bytes).expect("written in memory");
    }
    writer.finish().expect("written in memory").into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).expect("written in memory");
    }
    builder.into_inner().expect("written in memory")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("written in memory");
    encoder.finish().expect("written in memory")
}

#[test]
fn members_are_read_and_a_broken_one_loses_itself() {
    let broken = &CALL.as_bytes()[..500];
    let members = [("1.xml", CALL.as_bytes()), ("2.xml", broken), ("readme", b"hello"), ("3.xml", AWARD.as_bytes())];
    for bytes in [zip(&members), tar(&members), gzip(&tar(&members)), zip(&[("day.tar.gz", &gzip(&tar(&members)))])] {
        let found = read(&bytes, &Limits::default());
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].ends_with("1.xml: Gestion des délibérations"), "{found:?}");
        assert!(
            found[1].contains("2.xml") && found[1].contains("not read: line 1: it is no well-formed XML"),
            "{found:?}"
        );
        assert!(found[2].ends_with("readme: not read: it is no notice (eForms, TED, OCDS or DECP)"), "{found:?}");
        assert!(found[3].ends_with("3.xml: Pflege"), "{found:?}");
    }
}

#[test]
fn bombs_and_cut_archives_are_reported() {
    let blanks = vec![b' '; 32 << 20];
    let members = [("bomb.xml", blanks.as_slice())];
    let limits = Limits { bytes: 8 << 20, ..Limits::default() };
    for bytes in [zip(&members), tar(&members), gzip(&tar(&members))] {
        let found = read(&bytes, &limits);
        assert!(found[0].contains("bomb.xml: not read: a part unpacks to more than"), "{found:?}");
    }
    let whole = gzip(&tar(&[("1.xml", CALL.as_bytes()), ("2.xml", AWARD.as_bytes())]));
    let found = read(&whole[..whole.len() - 400], &Limits::default());
    assert!(found.last().is_some_and(|last| last.contains("not read")), "{found:?}");
    let nested = (0..6).fold(zip(&[("1.xml", CALL.as_bytes())]), |inner, _| zip(&[("inner.zip", &inner)]));
    assert_eq!(
        read(&nested, &Limits::default()),
        ["inner.zip!inner.zip!inner.zip!inner.zip: not read: archives are packed into each other more than 4 deep"]
    );
}

#[test]
fn a_package_of_notices_is_told_from_a_tender_with_its_notice() {
    let notice = ("1.xml", CALL.as_bytes());
    for (bytes, want) in [
        (zip(&[notice, ("2.xml", AWARD.as_bytes())]), true),
        (gzip(&tar(&[notice])), true),
        (tar(&[notice]), true),
        (zip(&[notice, ("specification.pdf", b"%PDF-")]), false),
        (zip(&[("data.xml", b"<html/>")]), false),
        (gzip(b"text"), false),
    ] {
        let package = Package::of(&bytes).expect("a package");
        assert_eq!(acquis::notice::is_package_of_notices(Cursor::new(&bytes), package), want);
    }
}
