//! Content streams: what stands where on a page.
//!
//! Only what reading needs is carried out: text, nested forms, optional content, marked content, and the
//! straight lines that rule tables. Colours, images and curves are passed over, which makes this several times
//! faster than drawing the page, and lets the reading stop at its deadline inside a page.
//!
//! Operators and their meaning: ISO 32000-1 Annex A.

mod paths;

use std::collections::{HashMap, HashSet};

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, ObjRef, Object, Stream};
use hayro_syntax::page::{Page, Resources};
use kurbo::{Affine, Point, Rect, Vec2};

use super::bounds::{self, Unpacked};
use super::font::Fonts;
use super::ink::{Extent, Glyph, Ink, UNMAPPED};
use super::pdf_string;
use crate::document::{Deadline, Limits};
use paths::Path;

/// Forms inside forms.
const MOST_FORMS_NESTED: usize = 16;
/// Saved graphics states.
const MOST_STATES: usize = 512;
/// Glyphs of one page; a page of small print has ten thousand.
const MOST_GLYPHS: usize = 500_000;
/// Letter spacing up to this share of the font size belongs to the letters; more is used to place columns.
const MOST_LETTER_SPACING: f64 = 0.4;

#[derive(Clone)]
struct State {
    ctm: Affine,
    font: Option<usize>,
    size: f64,
    letter_spacing: f64,
    word_spacing: f64,
    /// 1 is the font's own width.
    stretch: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

/// One open marked-content sequence.
struct Marked {
    content: Option<i32>,
    artifact: bool,
    hidden: bool,
    /// Replacement text and the number of glyphs when the sequence began.
    actual_text: Option<(String, usize)>,
}

/// Reads pages one after the other; fonts are shared between them.
pub(super) struct Reader<'a> {
    pub(super) fonts: Fonts<'a>,
    /// Optional content groups that are switched off.
    hidden_groups: HashSet<ObjRef2>,
    limits: Limits,
    deadline: Deadline,
    /// Bytes of content that may still be unpacked.
    budget: u64,
}

/// Object number and generation.
type ObjRef2 = (u32, i32);

fn key(reference: ObjRef) -> ObjRef2 {
    (reference.obj_number, reference.gen_number)
}

impl<'a> Reader<'a> {
    pub(super) fn new(catalog: &Dict<'a>, limits: &Limits, deadline: Deadline) -> Self {
        Reader {
            fonts: Fonts::new(limits.bytes),
            hidden_groups: hidden_groups(catalog),
            limits: limits.clone(),
            deadline,
            budget: limits.unpacked,
        }
    }

    pub(super) fn read(&mut self, page: &Page<'a>) -> Ink {
        let (width, height) = page.render_dimensions();
        let [a, b, c, d, e, f] = page.initial_transform(true).as_coeffs();
        let ink = Ink { width: width.into(), height: height.into(), ..Ink::default() };
        let mut run = Run { reader: self, ink, states: Vec::new(), marks: Vec::new(), forms: Vec::new() };
        let state = State {
            ctm: Affine::new([a, b, c, d, e, f]),
            font: None,
            size: 1.0,
            letter_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        };
        match run.page_content(page) {
            Some(content) => run.interpret(&content, page.resources(), state.clone()),
            None => run.ink.extent = Extent::CutShort,
        }
        run.annotations(page, &state);
        run.ink
    }
}

/// Groups that the default configuration switches off (ISO 32000-1 §8.11.4).
fn hidden_groups(catalog: &Dict<'_>) -> HashSet<ObjRef2> {
    let mut hidden = HashSet::new();
    let Some(properties) = catalog.get::<Dict<'_>>("OCProperties") else { return hidden };
    let Some(default) = properties.get::<Dict<'_>>("D") else { return hidden };
    let references = |dict: &Dict<'_>, key: &str| -> Vec<ObjRef> {
        dict.get::<Array<'_>>(key)
            .map(|groups| groups.raw_iter().filter_map(|group| group.as_obj_ref()).collect())
            .unwrap_or_default()
    };
    if default.get::<Name<'_>>("BaseState").is_some_and(|state| state.as_str() == "OFF") {
        hidden.extend(references(&properties, "OCGs").into_iter().map(key));
        for shown in references(&default, "ON") {
            hidden.remove(&key(shown));
        }
    }
    hidden.extend(references(&default, "OFF").into_iter().map(key));
    hidden
}

/// The reading of one page.
struct Run<'r, 'a> {
    reader: &'r mut Reader<'a>,
    ink: Ink,
    states: Vec<State>,
    marks: Vec<Marked>,
    /// Forms being drawn, by the place of their dictionary: a form that draws itself is cut off.
    forms: Vec<usize>,
}

impl<'a> Run<'_, 'a> {
    /// The page's content in one piece; `None` where a stream is too large. Of broken streams what can be
    /// unpacked is taken.
    fn page_content(&mut self, page: &Page<'a>) -> Option<Vec<u8>> {
        let dict = page.raw();
        let mut content = Vec::new();
        let streams: Vec<Stream<'_>> = match dict.get::<Stream<'_>>("Contents") {
            Some(stream) => vec![stream],
            None => match dict.get::<Array<'_>>("Contents") {
                Some(parts) => {
                    let streams: Vec<Stream<'_>> = parts.iter().collect();
                    if streams.len() < parts.raw_iter().count() {
                        self.ink.extent = Extent::Damaged;
                    }
                    streams
                }
                None => {
                    if dict.get_ref("Contents").is_some() {
                        self.ink.extent = Extent::Damaged;
                    }
                    Vec::new()
                }
            },
        };
        for stream in streams {
            content.extend(self.unpack(&stream)?);
            // The parts are one stream, and no token crosses from one to the next (ISO 32000-1 §7.8.2).
            content.push(b' ');
        }
        Some(content)
    }

    /// `None` where the stream is too large; what can be unpacked of it where it is broken.
    fn unpack(&mut self, stream: &Stream<'a>) -> Option<Vec<u8>> {
        let data = match bounds::unpack(stream, self.reader.limits.bytes) {
            Unpacked::Whole(data) => data,
            Unpacked::Broken(data) => {
                self.ink.extent = Extent::Damaged;
                data
            }
            Unpacked::TooLarge => return None,
        };
        self.reader.budget = self.reader.budget.checked_sub(data.len() as u64)?;
        Some(data)
    }

    fn is_over(&self) -> bool {
        self.ink.extent == Extent::CutShort
    }

    fn interpret(&mut self, content: &[u8], resources: &Resources<'a>, state: State) {
        let outer_states = self.states.len();
        let outer_marks = self.marks.len();
        let mut faces: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut state = state;
        let mut text = Affine::IDENTITY;
        let mut line = Affine::IDENTITY;
        let mut path = Path::default();
        let mut operations = TypedIter::new(content);
        let mut count = 0_u32;
        while let Some(operation) = operations.next() {
            count = count.wrapping_add(1);
            if count.is_multiple_of(1024) && self.reader.deadline.has_passed() {
                self.ink.extent = Extent::CutShort;
            }
            if self.is_over() {
                break;
            }
            match operation {
                TypedInstruction::SaveState(_) if self.states.len() < outer_states + MOST_STATES => {
                    self.states.push(state.clone());
                }
                TypedInstruction::RestoreState(_) => {
                    if self.states.len() > outer_states
                        && let Some(saved) = self.states.pop()
                    {
                        state = saved;
                    }
                }
                TypedInstruction::Transform(m) => {
                    state.ctm *= matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5].map(|n| n.as_f64()));
                }
                TypedInstruction::SetGraphicsState(name) => {
                    if let Some(font) =
                        resources.get_ext_g_state(name.0).and_then(|parameters| parameters.get::<Array<'_>>("Font"))
                    {
                        let mut entries = font.flex_iter();
                        if let Some(dict) = entries.next::<Dict<'_>>() {
                            state.font = Some(self.reader.fonts.load(&dict));
                            state.size = entries.next::<f64>().unwrap_or(state.size);
                        }
                    }
                }
                TypedInstruction::BeginText(_) => {
                    text = Affine::IDENTITY;
                    line = Affine::IDENTITY;
                }
                TypedInstruction::TextFont(font) => {
                    let name: &[u8] = font.0.as_ref();
                    let face = match faces.get(name) {
                        Some(&face) => face,
                        None => {
                            let face = match resources.get_font(font.0) {
                                Some(dict) => self.reader.fonts.load(&dict),
                                None => self.reader.fonts.fallback(),
                            };
                            faces.insert(name.to_vec(), face);
                            face
                        }
                    };
                    state.font = Some(face);
                    state.size = font.1.as_f64();
                }
                TypedInstruction::CharacterSpacing(spacing) => state.letter_spacing = spacing.0.as_f64(),
                TypedInstruction::WordSpacing(spacing) => state.word_spacing = spacing.0.as_f64(),
                TypedInstruction::HorizontalScaling(scaling) => state.stretch = scaling.0.as_f64() / 100.0,
                TypedInstruction::TextLeading(leading) => state.leading = leading.0.as_f64(),
                TypedInstruction::TextRise(rise) => state.rise = rise.0.as_f64(),
                TypedInstruction::TextRenderingMode(mode) => state.mode = mode.0.as_i64(),
                TypedInstruction::SetTextMatrix(m) => {
                    line = matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5].map(|n| n.as_f64()));
                    text = line;
                }
                TypedInstruction::NextLine(by) => {
                    line *= Affine::translate((by.0.as_f64(), by.1.as_f64()));
                    text = line;
                }
                TypedInstruction::NextLineAndSetLeading(by) => {
                    state.leading = -by.1.as_f64();
                    line *= Affine::translate((by.0.as_f64(), by.1.as_f64()));
                    text = line;
                }
                TypedInstruction::NextLineUsingLeading(_) => {
                    line *= Affine::translate((0.0, -state.leading));
                    text = line;
                }
                TypedInstruction::ShowText(shown) => self.show(shown.0.as_bytes(), &mut state, &mut text),
                TypedInstruction::NextLineAndShowText(shown) => {
                    line *= Affine::translate((0.0, -state.leading));
                    text = line;
                    self.show(shown.0.as_bytes(), &mut state, &mut text);
                }
                TypedInstruction::ShowTextWithParameters(shown) => {
                    state.word_spacing = shown.0.as_f64();
                    state.letter_spacing = shown.1.as_f64();
                    line *= Affine::translate((0.0, -state.leading));
                    text = line;
                    self.show(shown.2.as_bytes(), &mut state, &mut text);
                }
                TypedInstruction::ShowTexts(parts) => {
                    for part in parts.0.iter::<Object<'_>>() {
                        match part {
                            Object::String(shown) => self.show(shown.as_bytes(), &mut state, &mut text),
                            Object::Number(back) => {
                                let by = -back.as_f64() / 1000.0 * state.size;
                                let horizontal = state.font.is_none_or(|f| self.reader.fonts.face(f).horizontal);
                                let by = if horizontal { (by * state.stretch, 0.0) } else { (0.0, by) };
                                text *= Affine::translate(by);
                            }
                            _ => {}
                        }
                    }
                }
                TypedInstruction::XObject(name) => {
                    if let Some(stream) = resources.get_x_object(name.0) {
                        self.object(&stream, resources, &state);
                    }
                }
                TypedInstruction::InlineImage(_) | TypedInstruction::Shading(_) => self.draw(),
                TypedInstruction::BeginMarkedContent(tag) => {
                    self.begin(tag.0, None, false);
                }
                TypedInstruction::BeginMarkedContentWithProperties(tag) => {
                    let name = tag.1.clone().into_name();
                    let properties = match &name {
                        Some(name) => resources.properties.get::<Dict<'_>>(name),
                        None => tag.1.clone().into_dict(),
                    };
                    let reference = name.and_then(|name| resources.properties.get_ref(name));
                    let hidden = tag.0.as_str() == "OC" && self.is_hidden(properties.as_ref(), reference);
                    self.begin(tag.0, properties.as_ref(), hidden);
                }
                TypedInstruction::EndMarkedContent(_) if self.marks.len() > outer_marks => self.end(),
                TypedInstruction::RectPath(r) => {
                    let (x, y) = (r.0.as_f64(), r.1.as_f64());
                    path.rectangle(state.ctm, Rect::new(x, y, x + r.2.as_f64(), y + r.3.as_f64()));
                }
                TypedInstruction::MoveTo(to) => path.move_to(state.ctm * Point::new(to.0.as_f64(), to.1.as_f64())),
                TypedInstruction::LineTo(to) => path.line_to(state.ctm * Point::new(to.0.as_f64(), to.1.as_f64())),
                TypedInstruction::CubicTo(_) | TypedInstruction::CubicStartTo(_) | TypedInstruction::CubicEndTo(_) => {
                    path.curved = true
                }
                TypedInstruction::ClosePath(_) => path.close(),
                TypedInstruction::StrokePath(_) => self.paint(&mut path, true),
                TypedInstruction::CloseAndStrokePath(_)
                | TypedInstruction::CloseFillAndStrokeNonZero(_)
                | TypedInstruction::CloseFillAndStrokeEvenOdd(_) => {
                    path.close();
                    self.paint(&mut path, true);
                }
                TypedInstruction::FillAndStrokeNonZero(_) | TypedInstruction::FillAndStrokeEvenOdd(_) => {
                    self.paint(&mut path, true);
                }
                TypedInstruction::FillPathNonZero(_)
                | TypedInstruction::FillPathNonZeroCompatibility(_)
                | TypedInstruction::FillPathEvenOdd(_) => self.paint(&mut path, false),
                TypedInstruction::EndPath(_) => path = Path::default(),
                _ => {}
            }
        }
        self.states.truncate(outer_states);
        while self.marks.len() > outer_marks {
            self.end();
        }
    }

    fn hidden(&self) -> bool {
        self.marks.iter().any(|mark| mark.hidden)
    }

    fn draw(&mut self) {
        if !self.hidden() {
            self.ink.drawn = true;
        }
    }

    fn show(&mut self, bytes: &[u8], state: &mut State, text: &mut Affine) {
        let face = match state.font {
            Some(face) => face,
            None => self.reader.fonts.fallback(),
        };
        state.font = Some(face);
        let content = self.marks.iter().rev().find_map(|mark| mark.content).unwrap_or(-1);
        let artifact = self.marks.iter().any(|mark| mark.artifact);
        let hidden = self.hidden();
        let em = self.reader.fonts.face(face).em;
        let horizontal = self.reader.fonts.face(face).horizontal;
        let placed = state.ctm * *text;
        let [a, b, c, d, _, _] = placed.as_coeffs();
        let size = Vec2::new(c, d).hypot() * state.size.abs() * em;
        let page = Rect::new(-2.0, -2.0, self.ink.width + 2.0, self.ink.height + 2.0);
        let mut offset = 0;
        // Where the string has got to, in text space.
        let mut at = Vec2::ZERO;
        while let Some((code, length, known)) = self.reader.fonts.face(face).next(bytes, offset) {
            offset += length;
            let word_spacing = if code == 32 && length == 1 { state.word_spacing } else { 0.0 };
            let (step, spacing) = if horizontal {
                (
                    Vec2::new(known.advance.x * state.size * state.stretch, 0.0),
                    Vec2::new((state.letter_spacing + word_spacing) * state.stretch, 0.0),
                )
            } else {
                (Vec2::new(0.0, known.advance.y * state.size), Vec2::new(0.0, state.letter_spacing + word_spacing))
            };
            let shift = at + known.displacement * state.size + Vec2::new(0.0, state.rise);
            let origin = placed * shift.to_point();
            if !hidden && page.contains(origin) && size.is_finite() {
                if self.ink.glyphs.len() >= MOST_GLYPHS {
                    self.ink.extent = Extent::CutShort;
                    return;
                }
                let own = if state.letter_spacing.abs() <= MOST_LETTER_SPACING * state.size.abs() {
                    Vec2::new(if horizontal { state.letter_spacing * state.stretch } else { 0.0 }, 0.0)
                } else {
                    Vec2::ZERO
                };
                let along = step + own;
                let next = origin + Vec2::new(a * along.x + c * along.y, b * along.x + d * along.y);
                let start = self.ink.text.len() as u32;
                match &known.text {
                    Some(text) => self.ink.text.push_str(text),
                    None => self.ink.text.push(UNMAPPED),
                }
                self.ink.glyphs.push(Glyph {
                    start,
                    end: self.ink.text.len() as u32,
                    origin,
                    next,
                    size: size as f32,
                    font: face as u32,
                    content,
                    stroked: state.mode == 2,
                    artifact,
                });
            }
            at += step + spacing;
        }
        *text *= Affine::translate(at);
    }

    /// Draws an image or a form.
    fn object(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, state: &State) {
        let dict = stream.dict();
        let reference = dict.get_ref("OC");
        if self.hidden() || self.is_hidden(dict.get::<Dict<'_>>("OC").as_ref(), reference) {
            return;
        }
        if dict.get::<Name<'_>>("Subtype").is_none_or(|kind| kind.as_str() != "Form") {
            self.draw();
            return;
        }
        let place = dict.data().as_ptr() as usize;
        if self.forms.len() >= MOST_FORMS_NESTED || self.forms.contains(&place) {
            return;
        }
        let Some(content) = self.unpack(stream) else {
            self.ink.extent = Extent::CutShort;
            return;
        };
        let mut inner = state.clone();
        if let Some(form) = dict.get::<[f64; 6]>("Matrix") {
            inner.ctm *= Affine::new(form);
        }
        self.forms.push(place);
        match dict.get::<Dict<'_>>("Resources") {
            Some(own) => self.interpret(&content, &Resources::new(own), inner),
            None => self.interpret(&content, resources, inner),
        }
        self.forms.pop();
    }

    /// Values of form fields and free-text notes, as the page shows them.
    fn annotations(&mut self, page: &Page<'a>, state: &State) {
        const HIDDEN: u32 = 1 << 1 | 1 << 5;
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return };
        for annotation in annotations.iter::<Dict<'_>>() {
            let shown = annotation
                .get::<Name<'_>>("Subtype")
                .is_some_and(|kind| matches!(kind.as_str(), "Widget" | "FreeText"));
            if !shown || annotation.get::<u32>("F").unwrap_or(0) & HIDDEN != 0 || self.is_over() {
                continue;
            }
            let Some(appearance) = appearance(&annotation) else { continue };
            let Some([x0, y0, x1, y1]) = annotation.get::<[f64; 4]>("Rect") else { continue };
            let frame = Rect::from_points((x0, y0), (x1, y1));
            let form = appearance.dict().get::<[f64; 6]>("Matrix").map(Affine::new).unwrap_or(Affine::IDENTITY);
            let [x0, y0, x1, y1] = appearance.dict().get::<[f64; 4]>("BBox").unwrap_or([0.0, 0.0, 1.0, 1.0]);
            let drawn = form.transform_rect_bbox(Rect::from_points((x0, y0), (x1, y1)));
            let scale = |to: f64, from: f64| if from > 0.0 { to / from } else { 1.0 };
            let (sx, sy) = (scale(frame.width(), drawn.width()), scale(frame.height(), drawn.height()));
            let mut state = state.clone();
            state.ctm *= Affine::new([sx, 0.0, 0.0, sy, frame.x0 - sx * drawn.x0, frame.y0 - sy * drawn.y0]);
            let drawn_before = self.ink.drawn;
            self.object(&appearance, page.resources(), &state);
            // The frame of an empty field makes no page that ought to have text.
            self.ink.drawn = drawn_before;
        }
    }

    /// Whether a group or a membership dictionary of groups (ISO 32000-1 §8.11.2) is switched off.
    fn is_hidden(&self, properties: Option<&Dict<'_>>, reference: Option<ObjRef>) -> bool {
        if self.reader.hidden_groups.is_empty() {
            return false;
        }
        let off = |reference: ObjRef| self.reader.hidden_groups.contains(&key(reference));
        let members: Vec<ObjRef> = match properties {
            Some(properties) if properties.contains_key("OCGs") => match properties.get::<Array<'_>>("OCGs") {
                Some(groups) => groups.raw_iter().filter_map(|group| group.as_obj_ref()).collect(),
                None => properties.get_ref("OCGs").into_iter().collect(),
            },
            _ => reference.into_iter().collect(),
        };
        !members.is_empty() && members.into_iter().all(off)
    }

    fn begin(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>, hidden: bool) {
        let actual_text = properties
            .and_then(|properties| properties.get::<hayro_syntax::object::String<'_>>("ActualText"))
            .map(|text| (pdf_string(text.as_bytes()), self.ink.glyphs.len()));
        self.marks.push(Marked {
            content: properties.and_then(|properties| properties.get::<i32>("MCID")),
            artifact: tag.as_str() == "Artifact",
            hidden,
            actual_text,
        });
    }

    /// Ends the innermost sequence; its replacement text takes the place of its glyphs where they stand on one
    /// line.
    fn end(&mut self) {
        let Some(Marked { actual_text: Some((text, from)), .. }) = self.marks.pop() else { return };
        let Some([first, ..]) = self.ink.glyphs.get(from..) else { return };
        let mut first = *first;
        let last = self.ink.glyphs[self.ink.glyphs.len() - 1];
        if (last.origin.y - first.origin.y).abs() > f64::from(first.size) / 2.0 {
            return;
        }
        self.ink.glyphs.truncate(from);
        first.start = self.ink.text.len() as u32;
        self.ink.text.push_str(&text);
        first.end = self.ink.text.len() as u32;
        first.next = last.next;
        self.ink.glyphs.push(first);
    }
}

fn matrix(coefficients: [f64; 6]) -> Affine {
    Affine::new(coefficients)
}

fn appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'_>>("AP")?.get::<Object<'_>>("N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => annotation.get::<Name<'_>>("AS").and_then(|state| states.get::<Stream<'_>>(state)),
        _ => None,
    }
}
