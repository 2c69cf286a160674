//! A bundle: what belongs to one procurement. Opening it reads its files, in parallel and in a fixed order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::classify::{Class, Classified, classify, spoken};
use super::{Kind, read_bounded};
use crate::document::package::{Package, PackageFault};
use crate::document::{self, Document, Format, Health, HealthKind, HealthNote, Limits, NotRead};
use crate::finding::ReadFile;

/// A file with the URI that it has in reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// Relative to the root of what is checked, `/` between parts, not percent-encoded.
    pub uri: String,
    pub content: Content,
}

/// Where the bytes of a file are.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    Path(PathBuf),
    /// Standard input, or the member of an archive.
    Bytes(Arc<[u8]>),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Content::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Content::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

impl FileRef {
    /// The bytes of the file.
    ///
    /// # Errors
    /// [`NotRead`] where it is no regular file, is larger than the limit or can't be opened.
    pub fn bytes(&self, limits: &Limits) -> Result<Arc<[u8]>, NotRead> {
        let not_read = |reason: String, remedy: &str| NotRead::new(&self.uri, None, reason, remedy);
        let too_large = || not_read(format!("it is larger than {} bytes", limits.bytes), "split it into its parts");
        let path = match &self.content {
            Content::Bytes(bytes) if bytes.len() as u64 > limits.bytes => return Err(too_large()),
            Content::Bytes(bytes) => return Ok(Arc::clone(bytes)),
            Content::Path(path) => path,
        };
        let cannot = |error: std::io::Error| {
            not_read(format!("it can't be opened ({error})"), "look whether it is there and may be read")
        };
        let metadata = std::fs::metadata(path).map_err(cannot)?;
        // A pipe or a device would be read without end.
        if !metadata.is_file() {
            return Err(not_read("it is no regular file".to_owned(), "give the file itself"));
        }
        if metadata.len() > limits.bytes {
            return Err(too_large());
        }
        let bytes = read_bounded(path, limits.bytes.saturating_add(1)).map_err(cannot)?;
        if bytes.len() as u64 > limits.bytes { Err(too_large()) } else { Ok(bytes.into()) }
    }
}

/// What belongs to one procurement: a folder, an archive, or the files named together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The folder, relative to the root of what is checked; empty for the root itself and for files that are
    /// named together.
    pub uri: String,
    /// What the user said that it is.
    pub kind: Option<Kind>,
    /// Whether the files were named one by one: whoever names an image expects it to be read.
    pub named: bool,
    /// In the order of their names, or as they were named.
    pub files: Vec<FileRef>,
    /// What went wrong before any file was opened.
    pub not_read: Vec<NotRead>,
}

/// What the files of a bundle hold.
#[derive(Debug, Default)]
pub struct OpenBundle {
    pub documents: Vec<Document>,
    /// Notices, for the notice reader.
    pub notices: Vec<NoticeFile>,
    /// One entry a document. The notice reader's caller adds those of the notices.
    pub read: Vec<ReadFile>,
    pub not_read: Vec<NotRead>,
    /// Images, recordings, programs: no documents.
    pub skipped: Vec<Skipped>,
}

/// A file that holds a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFile {
    pub file: FileRef,
    pub member: Option<String>,
    pub format: Format,
}

/// A file that is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub uri: String,
    pub member: Option<String>,
    /// What it is: `an image`.
    pub what: String,
}

impl OpenBundle {
    fn append(&mut self, mut other: OpenBundle) {
        self.documents.append(&mut other.documents);
        self.notices.append(&mut other.notices);
        self.read.append(&mut other.read);
        self.not_read.append(&mut other.not_read);
        self.skipped.append(&mut other.skipped);
    }
}

impl Bundle {
    /// Reads all files, in parallel; the result is in the order of the files whatever the number of threads.
    pub fn open(&self, limits: &Limits) -> OpenBundle {
        let opened: Vec<OpenBundle> = self
            .files
            .par_iter()
            .map(|file| {
                let mut opened = OpenBundle::default();
                match file.bytes(limits) {
                    Ok(bytes) => {
                        let reader = Reader { file, kind: self.kind, named: self.named, limits };
                        reader.read(&bytes, &name_of(file), None, 0, &mut opened);
                    }
                    Err(not_read) => opened.not_read.push(not_read),
                }
                opened
            })
            .collect();
        let mut bundle = OpenBundle { not_read: self.not_read.clone(), ..OpenBundle::default() };
        for part in opened {
            bundle.append(part);
        }
        bundle
    }
}

fn name_of(file: &FileRef) -> String {
    match &file.content {
        Content::Path(path) => path.to_string_lossy().into_owned(),
        Content::Bytes(_) => file.uri.clone(),
    }
}

/// Reads one file with all that is packed into it.
struct Reader<'a> {
    file: &'a FileRef,
    kind: Option<Kind>,
    named: bool,
    limits: &'a Limits,
}

impl Reader<'_> {
    fn not_read(&self, member: Option<&str>, reason: String, remedy: &str) -> NotRead {
        NotRead::new(&self.file.uri, member, reason, remedy)
    }

    fn read(&self, bytes: &[u8], name: &str, member: Option<&str>, nesting: usize, opened: &mut OpenBundle) {
        let Classified { class, lie } = classify(bytes, name, self.limits);
        match class {
            Class::Document(_) if self.kind == Some(Kind::Notice) => {
                let what = "it is no notice (eForms, TED, OCDS or DECP)".to_owned();
                opened.not_read.push(self.not_read(member, what, "check it as a tender"));
            }
            Class::Document(format) => {
                self.read_document(bytes, member, format, lie, opened);
                if format == Format::Eml {
                    self.read_attachments(bytes, member, nesting, opened);
                }
            }
            Class::Notice(format) => {
                let file = match member {
                    Some(_) => FileRef { uri: self.file.uri.clone(), content: Content::Bytes(bytes.into()) },
                    None => self.file.clone(),
                };
                opened.notices.push(NoticeFile { file, member: member.map(str::to_owned), format });
            }
            Class::Archive => self.read_archive(bytes, member, nesting, opened),
            Class::Refused { what, remedy } => {
                opened.not_read.push(self.not_read(member, format!("it is {what}"), remedy));
            }
            Class::Publiccode => self.skip(member, "a publiccode.yml".to_owned(), opened),
            Class::Skipped(what) if self.named && member.is_none() => {
                opened.not_read.push(self.not_read(None, format!("it is {what}, no document"), "give a document"));
            }
            Class::Skipped(what) => self.skip(member, what, opened),
        }
    }

    fn skip(&self, member: Option<&str>, what: String, opened: &mut OpenBundle) {
        opened.skipped.push(Skipped { uri: self.file.uri.clone(), member: member.map(str::to_owned), what });
    }

    fn read_document(
        &self,
        bytes: &[u8],
        member: Option<&str>,
        format: Format,
        lie: Option<String>,
        opened: &mut OpenBundle,
    ) {
        match document::read(bytes, &self.file.uri, member, format, self.limits) {
            Ok(document) => {
                opened.not_read.extend(unread_parts(&document));
                if document.blocks.is_empty() && !document.health.notes.iter().any(|note| note.kind.is_unread()) {
                    let reason = lie.clone().unwrap_or_else(|| "it holds no text".to_owned());
                    opened.not_read.push(self.not_read(member, reason, "look whether it is the file that was meant"));
                }
                opened.read.push(ReadFile {
                    uri: document.uri.clone(),
                    member: document.member.clone(),
                    format: spoken(format).to_owned(),
                    parts: u32::try_from(document.blocks.len()).unwrap_or(u32::MAX),
                    remarks: lie.into_iter().chain(remarks(&document.health)).collect(),
                });
                opened.documents.push(document);
            }
            Err(mut not_read) => {
                if let Some(lie) = lie {
                    not_read.reason = format!("{}; {lie}", not_read.reason);
                }
                opened.not_read.push(not_read);
            }
        }
    }

    fn read_attachments(&self, bytes: &[u8], member: Option<&str>, nesting: usize, opened: &mut OpenBundle) {
        for (index, (name, content)) in document::eml::attachments(bytes, self.limits).into_iter().enumerate() {
            let name =
                if name.is_empty() { format!("attachment {}", index + 1) } else { name.replace(['/', '\\'], "_") };
            let path = member.map_or_else(|| name.clone(), |outer| format!("{outer}!{name}"));
            if index >= self.limits.entries {
                let reason = format!("the mail has more than {} attachments", self.limits.entries);
                opened.not_read.push(self.not_read(member, reason, "save the attachments and check the folder"));
                return;
            }
            if nesting >= self.limits.nesting {
                let reason = format!("mails are attached to each other more than {} deep", self.limits.nesting);
                opened.not_read.push(self.not_read(Some(&path), reason, "save the attachment and check it by itself"));
                continue;
            }
            self.read(&content, &name, Some(&path), nesting + 1, opened);
        }
    }

    fn read_archive(&self, bytes: &[u8], member: Option<&str>, nesting: usize, opened: &mut OpenBundle) {
        if nesting >= self.limits.nesting {
            let reason = format!("archives are packed into each other more than {} deep", self.limits.nesting);
            opened.not_read.push(self.not_read(member, reason, "unpack it and check the folder"));
            return;
        }
        let fault =
            |fault: &PackageFault, member: Option<&str>| self.not_read(member, fault.to_string(), fault.remedy());
        let mut package = match Package::open(bytes, self.limits) {
            Ok(package) => package,
            Err(error) => {
                opened.not_read.push(fault(&error, member));
                return;
            }
        };
        if package.names().is_empty() {
            opened.not_read.push(self.not_read(member, "the archive is empty".to_owned(), "ask for it again"));
        }
        let mut order: Vec<(String, usize)> = package.names().iter().cloned().zip(0..).collect();
        order.sort();
        for (name, index) in order {
            if name.ends_with('/') || is_litter(&name) || package.is_without_content(index) {
                continue;
            }
            let path = match member {
                Some(outer) => format!("{outer}!{name}"),
                None => name.clone(),
            };
            if leaves_archive(&name) {
                let reason = "its path leads out of the archive".to_owned();
                opened.not_read.push(self.not_read(
                    Some(&path),
                    reason,
                    "do not trust this archive; ask for a new one",
                ));
                continue;
            }
            match package.read(index) {
                Ok(content) => self.read(&content, &name, Some(&path), nesting + 1, opened),
                Err(error) => {
                    opened.not_read.push(fault(&error, Some(&path)));
                    // The sum does not get smaller again.
                    if let PackageFault::TooLargeTogether(_) = error {
                        return;
                    }
                }
            }
        }
    }
}

/// Absolute paths, drive letters and `..`.
fn leaves_archive(name: &str) -> bool {
    name.starts_with('/') || name.contains(':') || name.split('/').any(|part| part == "..") || name.contains('\0')
}

/// What operating systems leave behind in archives.
fn is_litter(name: &str) -> bool {
    let path = Path::new(name);
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with("__MACOSX/")
        || file.starts_with("~$")
        || file.starts_with("._")
        || file == ".DS_Store"
        || file == "Thumbs.db"
}

/// What a document left unread, as records of their own.
fn unread_parts(document: &Document) -> impl Iterator<Item = NotRead> + '_ {
    document.health.notes.iter().filter(|note| note.kind.is_unread()).map(|note| NotRead {
        uri: document.uri.clone(),
        place: document.member.clone(),
        reason: note.detail.clone(),
        remedy: match note.kind {
            HealthKind::PageWithoutText => "have the text of the page recognised (OCR) or ask for the original file",
            HealthKind::BrokenFontMap => "ask for the original file, or export it again with its fonts' Unicode maps",
            _ => "open it in an office program and save it again",
        }
        .to_owned(),
    })
}

/// The remarks on the reading that are no loss.
fn remarks(health: &Health) -> impl Iterator<Item = String> + '_ {
    let plain = health.notes.iter().filter(|note| !note.kind.is_unread());
    plain.map(|HealthNote { kind, count, detail }| match kind {
        HealthKind::Encoding => detail.clone(),
        _ => format!("{count} {detail}"),
    })
}
