//! The font: which characters it has and how wide they are. DejaVu Sans: Latin, Greek, Cyrillic, Hebrew, Arabic and many signs.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId};

/// The licence lies beside it.
static FILE: &[u8] = include_bytes!("../../assets/DejaVuSans.ttf");

static FACE: LazyLock<Option<Face>> = LazyLock::new(|| {
    let parsed = ttf_parser::Face::parse(FILE, 0).ok()?;
    let font = Font::new(FILE.to_vec().into(), 0)?;
    let per_em = f32::from(parsed.units_per_em());
    let replacement = parsed.glyph_index('\u{fffd}').or_else(|| parsed.glyph_index('?'))?;
    Some(Face { parsed, font, per_em, replacement })
});

/// A font that can be measured and drawn with.
pub struct Face {
    parsed: ttf_parser::Face<'static>,
    pub font: Font,
    per_em: f32,
    replacement: ttf_parser::GlyphId,
}

impl Face {
    /// The one there is.
    pub fn get() -> Option<&'static Self> {
        FACE.as_ref()
    }

    /// What is drawn for a character, and how wide it is as a part of the font's size. What the font does not have is drawn as a replacement
    /// that can be seen.
    pub fn glyph(&self, character: char) -> (GlyphId, f32) {
        let glyph = self.parsed.glyph_index(character).unwrap_or(self.replacement);
        let width = self.parsed.glyph_hor_advance(glyph).unwrap_or(0);
        (GlyphId::new(u32::from(glyph.0)), f32::from(width) / self.per_em)
    }

    /// Whether the font has a character.
    pub fn has(&self, character: char) -> bool {
        self.parsed.glyph_index(character).is_some()
    }

    /// How wide a text is as a part of the font's size.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|character| self.glyph(character).1).sum()
    }
}
