//! Notices by the thousand: each is a procurement of its own, read and judged by itself.
//!
//! Members of packages and files of a folder go through in batches on all cores, so that memory grows neither with
//! the notices nor with their findings.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use acquis::document::{Format, Limits, NotRead};
use acquis::engine::Engine;
use acquis::finding::{Finding, ReadFile};
use acquis::input::{Bundle, Content, FileRef, NoticeFile};
use acquis::notice::{self, NoticeGroup, Package};
use rayon::prelude::*;

use super::road::Check;

/// Notices of one batch, and the bytes after which a batch is closed.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 8 << 20;

/// Takes the packages of notices out of a bundle and checks them.
pub fn check_packages(check: &mut Check<'_>, bundle: &mut Bundle) {
    let (packages, others) = std::mem::take(&mut bundle.files).into_iter().partition(|file| package(file).is_some());
    bundle.files = others;
    let packages: Vec<FileRef> = packages;
    for file in &packages {
        if let Some((opened, package)) = package(file) {
            check_package(check, &file.uri, opened, package);
        }
    }
}

/// Checks notices that are files of their own.
pub fn check_files(check: &mut Check<'_>, files: &[NoticeFile], limits: &Limits) {
    let engine = check.engine;
    for batch in files.chunks(BATCH) {
        let parts = batch.par_iter().map(|notice| match notice.file.bytes(limits) {
            Ok(bytes) => judge(engine, &bytes, &notice.file.uri, notice.member.as_deref(), notice.format, limits),
            Err(not_read) => Part::not_read(not_read),
        });
        add(parts.collect(), check);
    }
}

/// A notice's format as the coverage names it.
pub fn format_name(format: Format) -> &'static str {
    match format {
        Format::Eforms => "eforms",
        Format::TedExport => "ted",
        Format::Ocds => "ocds",
        _ => "decp",
    }
}

/// The opened package, if a file is one of notices.
fn package(file: &FileRef) -> Option<(File, Package)> {
    let Content::Path(path) = &file.content else { return None };
    let package = Package::of(&head(path)?)?;
    notice::is_package_of_notices(File::open(path).ok()?, package).then_some((File::open(path).ok()?, package))
}

fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(512).read_to_end(&mut head).ok()?;
    Some(head)
}

fn check_package(check: &mut Check<'_>, uri: &str, opened: File, package: Package) {
    let engine = check.engine;
    let limits = Limits::default();
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut check_batch = |batch: &mut Vec<Result<notice::Member, NotRead>>| {
        let parts = std::mem::take(batch).into_par_iter().map(|member| match member {
            Ok(member) => judge(engine, &member.bytes, uri, Some(&member.name), member.format, &limits),
            Err(not_read) => Part::not_read(not_read),
        });
        add(parts.collect(), check);
    };
    notice::for_each_member(opened, package, uri, &limits, &mut |member| {
        bytes += member.as_ref().map_or(0, |member| member.bytes.len());
        batch.push(member);
        if batch.len() >= BATCH || bytes >= BATCH_BYTES {
            check_batch(&mut batch);
            bytes = 0;
        }
    });
    check_batch(&mut batch);
}

/// What came of one file or member.
#[derive(Default)]
struct Part {
    /// Each notice with its findings.
    notices: Vec<(NoticeGroup, Vec<Finding>)>,
    read: Option<ReadFile>,
    not_read: Vec<NotRead>,
}

impl Part {
    fn not_read(not_read: NotRead) -> Part {
        Part { not_read: vec![not_read], ..Part::default() }
    }
}

fn judge(engine: &Engine, bytes: &[u8], uri: &str, member: Option<&str>, format: Format, limits: &Limits) -> Part {
    let mut part = Part::default();
    let mut blocks = 0;
    let mut remarks = Vec::new();
    notice::read_each(bytes, uri, member, format, limits, &mut |result| match result {
        Ok(notice) => {
            blocks += notice.document.blocks.len();
            remarks.extend(notice::remarks(std::slice::from_ref(&notice)));
            part.not_read.extend(notice.unread());
            let findings = engine.check_bundle(&[], std::slice::from_ref(&notice));
            part.notices.push((NoticeGroup::of(&notice, engine.is_in_scope(&notice)), findings));
        }
        Err(not_read) => part.not_read.push(not_read),
    });
    remarks.sort();
    remarks.dedup();
    part.read = (blocks > 0).then(|| ReadFile {
        uri: uri.to_owned(),
        member: member.map(str::to_owned),
        format: format_name(format).to_owned(),
        parts: u32::try_from(blocks).unwrap_or(u32::MAX),
        remarks,
    });
    part
}

fn add(parts: Vec<Part>, check: &mut Check<'_>) {
    for part in parts {
        for (notice, findings) in part.notices {
            check.found(findings, vec![notice], |_, _| true);
        }
        check.outcome.coverage.read.extend(part.read);
        check.outcome.coverage.not_read.extend(part.not_read);
    }
}
