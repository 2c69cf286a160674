//! Paths: the straight lines that rule tables, and whether something was drawn.

use kurbo::{Affine, Point, Rect};

use super::Run;

/// Lines of one page; beyond that it is a drawing, not a table.
const MOST_RULES: usize = 20_000;
/// A filled rectangle up to this many points thick is a line.
const RULE_THICKNESS: f64 = 3.0;

impl Run<'_, '_> {
    /// Paints a path: what is straight and thin rules, everything else is a drawing.
    pub(super) fn paint(&mut self, path: &mut Path, stroked: bool) {
        let path = std::mem::take(path);
        if self.hidden() {
            return;
        }
        if path.curved {
            self.ink.drawn = true;
            return;
        }
        for rectangle in &path.rectangles {
            let thin = rectangle.width().min(rectangle.height()) <= RULE_THICKNESS;
            if thin {
                self.rule(*rectangle);
            } else if stroked {
                let Rect { x0, y0, x1, y1 } = *rectangle;
                for edge in [
                    Rect::new(x0, y0, x1, y0),
                    Rect::new(x0, y1, x1, y1),
                    Rect::new(x0, y0, x0, y1),
                    Rect::new(x1, y0, x1, y1),
                ] {
                    self.rule(edge);
                }
            } else {
                self.ink.drawn = true;
            }
        }
        if stroked {
            for line in path.lines {
                self.rule(line);
            }
        } else if let Some(shape) = path.lines.iter().copied().reduce(|shape, line| shape.union(line)) {
            if shape.width().min(shape.height()) <= RULE_THICKNESS {
                self.rule(shape);
            } else {
                self.ink.drawn = true;
            }
        }
    }

    fn rule(&mut self, line: Rect) {
        let straight = line.width().min(line.height()) <= RULE_THICKNESS;
        if straight && line.is_finite() && self.ink.rules.len() < MOST_RULES {
            self.ink.rules.push(line);
        }
    }
}

/// A path under construction: its straight parts, on the page.
#[derive(Default)]
pub(super) struct Path {
    rectangles: Vec<Rect>,
    /// Bounding boxes of straight segments.
    lines: Vec<Rect>,
    start: Option<Point>,
    at: Option<Point>,
    pub(super) curved: bool,
}

impl Path {
    pub(super) fn rectangle(&mut self, ctm: Affine, rectangle: Rect) {
        if self.rectangles.len() < MOST_RULES {
            self.rectangles.push(ctm.transform_rect_bbox(rectangle));
        }
    }

    pub(super) fn move_to(&mut self, to: Point) {
        self.start = Some(to);
        self.at = Some(to);
    }

    pub(super) fn line_to(&mut self, to: Point) {
        if let Some(from) = self.at
            && self.lines.len() < MOST_RULES
        {
            self.lines.push(Rect::from_points(from, to));
        }
        self.at = Some(to);
    }

    pub(super) fn close(&mut self) {
        if let Some(start) = self.start {
            self.line_to(start);
        }
    }
}
