//! The fonts: which characters they have and how wide they are. DejaVu Sans has Latin, Greek, Cyrillic, Hebrew, Arabic and many signs; Noto
//! Emoji has the pictures people write with. Their licences lie beside them.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId};

static TEXT: &[u8] = include_bytes!("../../assets/DejaVuSans.ttf");
static PICTURES: &[u8] = include_bytes!("../../assets/NotoEmoji.ttf");

/// Where the pictures begin: from here on they are asked for first, so that they are of one style.
const FIRST_PICTURE: char = '\u{1f000}';

static FACE: LazyLock<Option<Face>> = LazyLock::new(|| {
    let (text, pictures) = (One::of(TEXT)?, One::of(PICTURES)?);
    let replacement = text.parsed.glyph_index('\u{fffd}').or_else(|| text.parsed.glyph_index('?'))?;
    Some(Face { text, pictures, replacement })
});

/// One font's file.
struct One {
    parsed: ttf_parser::Face<'static>,
    font: Font,
    per_em: f32,
}

impl One {
    fn of(file: &'static [u8]) -> Option<Self> {
        let parsed = ttf_parser::Face::parse(file, 0).ok()?;
        let per_em = f32::from(parsed.units_per_em());
        Some(Self { parsed, font: Font::new(file.to_vec().into(), 0)?, per_em })
    }
}

/// Fonts that can be measured and drawn with.
pub struct Face {
    text: One,
    pictures: One,
    replacement: ttf_parser::GlyphId,
}

/// What is drawn for a character.
pub struct Glyph<'a> {
    pub font: &'a Font,
    /// Whether it is from the pictures' font.
    pub is_picture: bool,
    pub id: GlyphId,
    /// As a part of the font's size.
    pub width: f32,
}

impl Face {
    /// The one there is.
    pub fn get() -> Option<&'static Self> {
        FACE.as_ref()
    }

    /// What is drawn for a character. What no font has is drawn as a replacement that can be seen.
    pub fn glyph(&self, character: char) -> Glyph<'_> {
        let (one, id) = self.find(character).unwrap_or((&self.text, self.replacement));
        let width = f32::from(one.parsed.glyph_hor_advance(id).unwrap_or(0)) / one.per_em;
        let is_picture = std::ptr::eq(one, &raw const self.pictures);
        Glyph { font: &one.font, is_picture, id: GlyphId::new(u32::from(id.0)), width }
    }

    fn find(&self, character: char) -> Option<(&One, ttf_parser::GlyphId)> {
        let pictures_first = [&self.pictures, &self.text];
        let text_first = [&self.text, &self.pictures];
        let order = if character >= FIRST_PICTURE { pictures_first } else { text_first };
        order.into_iter().find_map(|one| Some((one, one.parsed.glyph_index(character)?)))
    }

    /// The text's font alone, with which words that are written to the left are shaped.
    pub const fn text_font(&self) -> &Font {
        &self.text.font
    }

    /// Whether the text's font has a character.
    pub fn has_letter(&self, character: char) -> bool {
        self.text.parsed.glyph_index(character).is_some()
    }

    /// How wide a text is as a part of the font's size.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|character| self.glyph(character).width).sum()
    }
}
