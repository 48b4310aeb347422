//! A document while it is being written: what is said becomes lines with places on pages at once, so that only the pages' count is waited for.

use super::{
    Error, draw,
    face::Face,
    lines::{broken, runs},
};

/// A4, in points.
pub const PAGE: (f32, f32) = (595.0, 842.0);
/// What stays white at each side.
pub const MARGIN: f32 = 56.0;
/// What the lines at the head and the foot of each page leave for the text.
const TOP: f32 = 84.0;
const BOTTOM: f32 = PAGE.1 - 76.0;
/// The distance of lines as a part of the font's size.
const LEADING: f32 = 1.45;
/// How many pages a document may have.
const PAGES_MAX: usize = 5_000;

/// What holds for the whole document.
#[derive(Clone, Debug)]
pub struct Setup {
    pub title: String,
    /// A language tag: `pt-BR`.
    pub language: String,
    /// The program that made it.
    pub creator: String,
    /// At the head of each page.
    pub header: String,
    /// At the foot of each page; `{page}` and `{pages}` are the numbers.
    pub footer: String,
}

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// In grey: what stands beside the text.
    Quiet,
    /// On a shade with a bar at its side: what is not like the rest.
    Marked,
}

/// Some text.
#[derive(Clone, Copy, Debug)]
pub struct Paragraph<'a> {
    pub text: &'a str,
    /// In points.
    pub size: f32,
    pub tone: Tone,
    /// White above it, in points.
    pub before: f32,
    /// Stays on one page with the beginning of what follows.
    pub leads: bool,
}

/// A line with its place.
pub struct Placed {
    pub text: String,
    pub x: f32,
    pub baseline: f32,
    pub size: f32,
    pub tone: Tone,
}

/// A document that is being written.
pub struct Document {
    face: &'static Face,
    pub(super) setup: Setup,
    pub(super) pages: Vec<Vec<Placed>>,
    /// Where the next line begins.
    y: f32,
}

impl Document {
    /// An empty one.
    ///
    /// # Errors
    /// When the font inside the program cannot be read.
    pub fn new(setup: Setup) -> Result<Self, Error> {
        let face = Face::get().ok_or_else(|| Error::Unwritten("the font".to_owned()))?;
        Ok(Self { face, setup, pages: vec![Vec::new()], y: TOP })
    }

    /// Adds a paragraph.
    ///
    /// # Errors
    /// When there are too many pages.
    pub fn add(&mut self, paragraph: Paragraph<'_>) -> Result<(), Error> {
        let Paragraph { text, size, tone, before, leads } = paragraph;
        let indent = if tone == Tone::Marked { 12.0 } else { 0.0 };
        let room = PAGE.0 - 2.0 * MARGIN - 2.0 * indent;
        let height = size * LEADING;
        if self.y > TOP {
            self.y += before;
        }
        let needed = if leads { height * 3.0 } else { height };
        if self.y + needed > BOTTOM && self.y > TOP {
            self.turn()?;
        }
        for line in broken(self.face, text, room / size) {
            if self.y + height > BOTTOM {
                self.turn()?;
            }
            let from_right = runs(&line).1;
            let left = MARGIN + indent;
            let x = if from_right { left + room - self.face.width(line.trim_end()) * size } else { left };
            self.y += height;
            let placed = Placed { text: line, x, baseline: self.y - size * 0.4, size, tone };
            if let Some(page) = self.pages.last_mut() {
                page.push(placed);
            }
        }
        Ok(())
    }

    fn turn(&mut self) -> Result<(), Error> {
        if self.pages.len() >= PAGES_MAX {
            return Err(Error::TooLong);
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        draw::write(&self, self.face)
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Error, Paragraph, Setup, Tone};

    fn document() -> Document {
        let text = |text: &str| text.to_owned();
        Document::new(Setup {
            title: text("Título"),
            language: text("pt-BR"),
            creator: text("Test"),
            header: text("Cabeçalho"),
            footer: text("{page} de {pages}"),
        })
        .unwrap()
    }

    const fn paragraph(text: &str) -> Paragraph<'_> {
        Paragraph { text, size: 10.0, tone: Tone::Plain, before: 6.0, leads: false }
    }

    #[test]
    fn whatever_is_written_becomes_a_file() {
        let every: String = (0..0x30000).filter_map(char::from_u32).step_by(7).collect();
        let hostile = [
            "",
            "\u{0}",
            "👩\u{200d}💻 \u{fe0f}",
            "%PDF-1.7 ) endstream",
            "עברית (abc) عربي 123",
            "\u{10ffff}",
            &every,
        ];
        let mut document = document();
        for text in hostile {
            for tone in [Tone::Plain, Tone::Quiet, Tone::Marked] {
                document.add(Paragraph { tone, ..paragraph(text) }).unwrap();
            }
        }
        let file = document.finish().unwrap();
        assert!(file.starts_with(b"%PDF-1.") && file.len() > 1_000);
    }

    #[test]
    fn a_heading_stays_with_what_it_leads() {
        let mut document = document();
        for number in 0..400 {
            document.add(Paragraph { leads: true, ..paragraph(&format!("H{number}")) }).unwrap();
            document.add(paragraph(&"texto ".repeat(number % 40))).unwrap();
        }
        let pages = &document.pages;
        assert!(pages.len() > 3);
        for page in pages.iter() {
            assert!(page.last().is_some_and(|line| !line.text.starts_with('H')), "a heading at the foot of a page");
            assert!(page.iter().all(|line| line.baseline < super::BOTTOM));
        }
    }

    #[test]
    fn a_document_has_an_end() {
        let mut document = document();
        let text = "\n".repeat(60);
        let ended = (0..100_000).find_map(|_| document.add(paragraph(&text)).err());
        assert!(matches!(ended, Some(Error::TooLong)));
    }
}
