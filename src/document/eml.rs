//! Mails (RFC 5322 with MIME): the subject and the body; attachments are files of their own.

use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::compose::Composer;
use super::flow::Flow;
use super::limits::Limits;
use super::line::Line;
use super::model::{Anchor, BlockKind, Document, Format, NotRead};
use super::{html, plain};
use crate::saying::say;

/// An attachment: its name (empty where it has none) and its bytes.
pub(crate) type Attachment = (String, Vec<u8>);

/// Reads a mail's subject and body.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| NotRead::new(uri, member, say!("no-mail"), say!("do-save-as-eml")))?;
    let mut composer = Composer::new(limits);
    let mut subject = Line::default();
    subject.push(message.subject().unwrap_or_default());
    composer.push(BlockKind::Title, subject, Anchor::default());
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => plain::compose(&mut composer, text),
            PartType::Html(text) => {
                let mut flow = Flow::new(&mut composer);
                html::feed(&mut flow, text, 0);
                flow.finish();
            }
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {}
        }
    }
    // The text is decoded from its transfer encoding: no byte of it leads back to the file.
    composer.forget_sources();
    Ok(composer.finish(uri, member, Format::Eml, None))
}

/// The attachments of a mail, in its order; at most one more than `limits.entries` of them.
pub(crate) fn attachments(bytes: &[u8], limits: &Limits) -> Vec<Attachment> {
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    message
        .attachments()
        .take(limits.entries.saturating_add(1))
        .map(|part| {
            let name = part.attachment_name().unwrap_or_default().to_owned();
            match &part.body {
                PartType::Message(inner) => (format!("{name}.eml"), inner.raw_message.to_vec()),
                _ => (name, part.contents().to_vec()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::shown::check;
    use super::*;

    const MAIL: &str = "From: a@x.example\r\nSubject: =?utf-8?q?R=C3=A9ponse?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIt must:\r\n- run\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"a.html\"\r\n\r\n<p>One\r\n--b--\r\n";

    #[test]
    fn a_mail_gives_its_subject_its_body_and_its_attachments() {
        let document = read(MAIL.as_bytes(), "m.eml", None, &Limits::default()).expect("the fixture can be read");
        check(&document, &["Title Réponse", "p It must:", "li0 run [lead It]"]);
        assert!(document.blocks.iter().all(|block| block.map.source_offset(0).is_none()));
        let attached = attachments(MAIL.as_bytes(), &Limits::default());
        assert_eq!(attached.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a.html"]);
    }
}
