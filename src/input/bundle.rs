//! A bundle: what belongs to one procurement. Opening it reads its files, in parallel and in a fixed order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::classify::{Class, Classified, classify, spoken};
use super::{Kind, read_bounded};
use crate::document::package::{Package, PackageFault};
use crate::document::{self, Document, Format, Health, Limits, NotRead};
use crate::finding::ReadFile;
use crate::saying::{Saying, say};

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
        let not_read = |reason, remedy| NotRead::new(&self.uri, None, reason, remedy);
        let too_large = || not_read(say!("too-large", bytes = limits.bytes), say!("do-split"));
        let path = match &self.content {
            Content::Bytes(bytes) if bytes.len() as u64 > limits.bytes => return Err(too_large()),
            Content::Bytes(bytes) => return Ok(Arc::clone(bytes)),
            Content::Path(path) => path,
        };
        let cannot = |error: std::io::Error| not_read(Saying::of_io(&error), say!("do-look-whether-there"));
        let metadata = std::fs::metadata(path).map_err(cannot)?;
        // A pipe or a device would be read without end.
        if !metadata.is_file() {
            return Err(not_read(say!("no-regular-file"), say!("do-give-file")));
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
    pub what: Saying,
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
    fn not_read(&self, member: Option<&str>, reason: Saying, remedy: Saying) -> NotRead {
        NotRead::new(&self.file.uri, member, reason, remedy)
    }

    fn read(&self, bytes: &[u8], name: &str, member: Option<&str>, nesting: usize, opened: &mut OpenBundle) {
        let Classified { class, lie } = classify(bytes, name, self.limits);
        // What is there is read; what the name promises was not.
        if let Some(lie) = lie {
            opened.not_read.push(self.not_read(member, lie, say!("do-look-whether-meant")));
        }
        match class {
            Class::Document(_) if self.kind == Some(Kind::Notice) => {
                opened.not_read.push(self.not_read(member, say!("no-notice"), say!("do-check-as-tender")));
            }
            Class::Document(format) => {
                self.read_document(bytes, member, format, opened);
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
            Class::Refused { reason, remedy } => opened.not_read.push(self.not_read(member, reason, remedy)),
            Class::Publiccode => self.skip(member, say!("a-publiccode"), opened),
            Class::Skipped(what) if self.named && member.is_none() => {
                opened.not_read.push(self.not_read(None, say!("no-document", what = what), say!("do-give-document")));
            }
            Class::Skipped(what) => self.skip(member, what, opened),
        }
    }

    fn skip(&self, member: Option<&str>, what: Saying, opened: &mut OpenBundle) {
        opened.skipped.push(Skipped { uri: self.file.uri.clone(), member: member.map(str::to_owned), what });
    }

    fn read_document(&self, bytes: &[u8], member: Option<&str>, format: Format, opened: &mut OpenBundle) {
        match document::read(bytes, &self.file.uri, member, format, self.limits) {
            Ok(document) => {
                opened.not_read.extend(unread_parts(&document));
                if document.blocks.is_empty() && !document.health.notes.iter().any(|note| note.kind.is_unread()) {
                    opened.not_read.push(self.not_read(member, say!("no-text"), say!("do-look-whether-meant")));
                }
                opened.read.push(ReadFile {
                    uri: document.uri.clone(),
                    member: document.member.clone(),
                    format: spoken(format).to_owned(),
                    parts: u32::try_from(document.blocks.len()).unwrap_or(u32::MAX),
                    remarks: remarks(&document.health).collect(),
                });
                opened.documents.push(document);
            }
            Err(not_read) => opened.not_read.push(not_read),
        }
    }

    fn read_attachments(&self, bytes: &[u8], member: Option<&str>, nesting: usize, opened: &mut OpenBundle) {
        for (index, (name, content)) in document::eml::attachments(bytes, self.limits).into_iter().enumerate() {
            let name =
                if name.is_empty() { format!("attachment {}", index + 1) } else { name.replace(['/', '\\'], "_") };
            let path = member.map_or_else(|| name.clone(), |outer| format!("{outer}!{name}"));
            if index >= self.limits.entries {
                let reason = say!("too-many-attachments", n = self.limits.entries);
                opened.not_read.push(self.not_read(member, reason, say!("do-save-attachments")));
                return;
            }
            if nesting >= self.limits.nesting {
                let reason = say!("mails-too-deep", n = self.limits.nesting);
                opened.not_read.push(self.not_read(Some(&path), reason, say!("do-save-attachments")));
                continue;
            }
            self.read(&content, &name, Some(&path), nesting + 1, opened);
        }
    }

    fn read_archive(&self, bytes: &[u8], member: Option<&str>, nesting: usize, opened: &mut OpenBundle) {
        if nesting >= self.limits.nesting {
            let reason = say!("archives-too-deep", n = self.limits.nesting);
            opened.not_read.push(self.not_read(member, reason, say!("do-unpack")));
            return;
        }
        let fault = |fault: &PackageFault, member: Option<&str>| self.not_read(member, fault.said(), fault.remedy());
        let mut package = match Package::open(bytes, self.limits) {
            Ok(package) => package,
            Err(error) => {
                opened.not_read.push(fault(&error, member));
                return;
            }
        };
        let mut holds_nothing = true;
        let mut order: Vec<(String, usize)> = package.names().iter().cloned().zip(0..).collect();
        order.sort();
        for (name, index) in order {
            if name.ends_with('/') || is_litter(&name) || package.is_without_content(index) {
                continue;
            }
            holds_nothing = false;
            let path = match member {
                Some(outer) => format!("{outer}!{name}"),
                None => name.clone(),
            };
            if leaves_archive(&name) {
                opened.not_read.push(self.not_read(Some(&path), say!("path-leaves-archive"), say!("do-distrust")));
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
        // Folders, links and what systems leave behind are as good as nothing.
        if holds_nothing {
            opened.not_read.push(self.not_read(member, say!("archive-empty"), say!("do-ask-again")));
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
    document.health.notes.iter().filter(|note| note.kind.is_unread()).map(|note| {
        let remedy = note.remedy.clone().unwrap_or_else(|| say!("do-save-again"));
        NotRead::new(&document.uri, document.member.as_deref(), note.detail.clone(), remedy)
    })
}

/// The remarks on the reading that are no loss.
fn remarks(health: &Health) -> impl Iterator<Item = Saying> + '_ {
    health.notes.iter().filter(|note| !note.kind.is_unread()).map(|note| note.detail.clone())
}
