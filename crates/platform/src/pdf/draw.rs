//! Writes placed lines as PDF.

use krilla::{
    Document as File,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{KrillaGlyph, TextDirection},
};

use super::{
    Error,
    document::{Document, MARGIN, PAGE, Placed, Tone},
    face::{Face, Glyph},
    lines::runs,
};

/// The size of what stands at the head and the foot of each page.
const SMALL: f32 = 8.0;

/// Writes a document.
///
/// # Errors
/// When the library refuses.
pub fn write(document: &Document, face: &Face) -> Result<Vec<u8>, Error> {
    let setup = &document.setup;
    let mut file = File::new();
    file.set_metadata(
        Metadata::new().title(setup.title.clone()).language(setup.language.clone()).creator(setup.creator.clone()),
    );
    let size = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| Error::Unwritten("the paper".to_owned()))?;
    let count = document.pages.len();
    for (index, lines) in document.pages.iter().enumerate() {
        let mut page = file.start_page_with(size.clone());
        let mut surface = page.surface();
        let footer = setup.footer.replace("{pages}", &count.to_string()).replace("{page}", &(index + 1).to_string());
        margin_line(&mut surface, face, &setup.header, 48.0, false);
        margin_line(&mut surface, face, &footer, PAGE.1 - 40.0, true);
        for line in lines {
            shade(&mut surface, line);
            surface.set_fill(Some(colour(line.tone)));
            draw(&mut surface, face, line);
        }
        surface.finish();
        page.finish();
    }
    file.finish().map_err(|error| Error::Unwritten(format!("{error:?}")))
}

fn margin_line(surface: &mut Surface<'_>, face: &Face, text: &str, baseline: f32, at_right: bool) {
    let room = PAGE.0 - 2.0 * MARGIN;
    let text = super::lines::broken(face, text, room / SMALL).into_iter().next().unwrap_or_default();
    let x = if at_right { PAGE.0 - MARGIN - face.width(&text) * SMALL } else { MARGIN };
    surface.set_fill(Some(colour(Tone::Quiet)));
    draw(surface, face, &Placed { text, x, baseline, size: SMALL, tone: Tone::Quiet });
}

fn colour(tone: Tone) -> Fill {
    match tone {
        Tone::Plain | Tone::Marked => fill(24, 28, 26),
        Tone::Quiet => fill(92, 100, 96),
    }
}

fn fill(red: u8, green: u8, blue: u8) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: Default::default() }
}

/// The ground of a line that is not like the rest, with a bar at its side.
fn shade(surface: &mut Surface<'_>, line: &Placed) {
    if line.tone != Tone::Marked {
        return;
    }
    let (top, height) = (line.baseline - line.size * 1.05, line.size * 1.45);
    for (x, width, ground) in [(MARGIN, PAGE.0 - 2.0 * MARGIN, fill(250, 243, 222)), (MARGIN, 2.5, fill(176, 128, 32))]
    {
        let mut path = PathBuilder::new();
        if let Some(area) = Rect::from_xywh(x, top, width, height) {
            path.push_rect(area);
        }
        if let Some(path) = path.finish() {
            surface.set_fill(Some(ground));
            surface.draw_path(&path);
        }
    }
}

/// Draws a line run by run. What is written to the right needs no shaping; what is written to the left is shaped and turned by the library.
fn draw(surface: &mut Surface<'_>, face: &Face, line: &Placed) {
    let (runs, _) = runs(&line.text);
    let mut x = line.x;
    for run in runs {
        let width = face.width(run.text) * line.size;
        if run.is_rightward {
            draw_rightward(surface, face, run.text, (x, line));
        } else {
            let text: String = run.text.chars().map(|c| if face.has_letter(c) { c } else { '\u{fffd}' }).collect();
            let (start, font) = (Point::from_xy(x, line.baseline), face.text_font().clone());
            surface.draw_text(start, font, line.size, &text, false, TextDirection::RightToLeft);
        }
        x += width;
    }
}

/// Draws what is of one font at once.
fn draw_rightward(surface: &mut Surface<'_>, face: &Face, text: &str, (mut x, line): (f32, &Placed)) {
    let characters: Vec<(usize, char, Glyph<'_>)> =
        text.char_indices().map(|(place, character)| (place, character, face.glyph(character))).collect();
    for same in characters.chunk_by(|one, next| one.2.is_picture == next.2.is_picture) {
        let Some((from, _, Glyph { font, .. })) = same.first() else { continue };
        let glyphs: Vec<KrillaGlyph> = same
            .iter()
            .map(|(place, character, glyph)| {
                let start = place - from;
                KrillaGlyph::new(glyph.id, glyph.width, 0.0, 0.0, 0.0, start..start + character.len_utf8(), None)
            })
            .collect();
        let said: String = same.iter().map(|(_, character, _)| character).collect();
        surface.draw_glyphs(Point::from_xy(x, line.baseline), &glyphs, (*font).clone(), &said, line.size, false);
        x += same.iter().map(|(_, _, glyph)| glyph.width).sum::<f32>() * line.size;
    }
}
