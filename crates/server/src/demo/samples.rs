//! The files of the sample company: small pictures that are drawn here, a bill, a report and a recording, so that nothing is copied from anywhere.

use std::io::Cursor;

use balcao_types::FileKind;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde::Deserialize;

/// A file that goes with a line of a dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sample {
    /// A photograph of a router with a red light.
    Router,
    /// A picture of a receipt.
    Receipt,
    /// A bill to pay.
    Bill,
    /// What a technician measured.
    Report,
    /// A voice message.
    Voice,
}

impl Sample {
    /// What it is called, and as what it is sent.
    pub const fn name(self) -> (&'static str, FileKind) {
        match self {
            Self::Router => ("luz-do-roteador.jpg", FileKind::Image),
            Self::Receipt => ("comprovante-pix.png", FileKind::Image),
            Self::Bill => ("segunda-via-boleto.pdf", FileKind::File),
            Self::Report => ("medicao-do-sinal.txt", FileKind::File),
            Self::Voice => ("mensagem-de-voz.wav", FileKind::Audio),
        }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// When a picture cannot be encoded, which a test prevents.
    pub fn bytes(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Router => encoded(router(), ImageFormat::Jpeg),
            Self::Receipt => encoded(receipt(), ImageFormat::Png),
            Self::Bill => Ok(bill()),
            Self::Report => Ok(REPORT.as_bytes().to_vec()),
            Self::Voice => Ok(voice()),
        }
    }
}

fn encoded(picture: RgbImage, format: ImageFormat) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    let written = DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format);
    written.map_err(|error| format!("a sample picture cannot be made: {error}"))?;
    Ok(bytes.into_inner())
}

/// A dark box on a shelf with four lights, the third of them red.
fn router() -> RgbImage {
    const LIGHTS: [(i64, [u8; 3]); 4] =
        [(300, [90, 220, 120]), (380, [90, 220, 120]), (460, [240, 60, 50]), (540, [70, 70, 78])];
    RgbImage::from_fn(840, 560, |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let shade = u8::try_from((y / 6).clamp(0, 90)).unwrap_or(0);
        let wall = [226 - shade, 214 - shade, 196 - shade];
        let shelf = [128 - shade / 2, 88 - shade / 2, 56 - shade / 2];
        let is_box = (170..670).contains(&x) && (240..420).contains(&y);
        let is_antenna = ((210..222).contains(&x) || (618..630).contains(&x)) && (60..240).contains(&y);
        let light = LIGHTS.iter().find(|(at, _)| (x - at).pow(2) + (y - 340).pow(2) < 196);
        Rgb(match light {
            Some((_, colour)) => *colour,
            None if is_box && y < 252 => [74, 76, 84],
            None if is_box => [44, 46, 52],
            None if is_antenna => [52, 54, 60],
            None if y >= 420 => shelf,
            None => wall,
        })
    })
}

/// A white slip with a head and lines of writing.
fn receipt() -> RgbImage {
    const LINES: [u32; 9] = [280, 190, 240, 150, 260, 210, 120, 250, 170];
    RgbImage::from_fn(420, 640, |x, y| {
        let is_head = (40..380).contains(&x) && (40..110).contains(&y);
        let line = y.checked_sub(150).map(|below| (below / 46, below % 46));
        let is_written = line.is_some_and(|(line, inside)| {
            let length = usize::try_from(line).ok().and_then(|line| LINES.get(line)).copied().unwrap_or(0);
            inside < 14 && (60..60 + length).contains(&x)
        });
        Rgb(match (is_head, is_written) {
            (true, _) => [31, 111, 92],
            (_, true) => [90, 94, 100],
            _ => [252, 252, 250],
        })
    })
}

const REPORT: &str = "Medição na caixa de atendimento\r\n\r\nPotência recebida: -28,1 dBm\r\nPotência de referência: -21,0 dBm\r\n\
    Perda no último trecho: 7,1 dB\r\n\r\nProvável: conector ou emenda. Levar 30 m de cabo.\r\n";

/// One page with a few lines (ISO 32000-1), its table of objects counted as it is written.
fn bill() -> Vec<u8> {
    let text = "BT /F1 20 Tf 72 760 Td (Vila Clara Telecom) Tj 0 -36 Td /F1 12 Tf (Segunda via - documento de exemplo) Tj \
        0 -20 Td (Nao pagar: este boleto pertence a uma empresa ficticia.) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(pdf.len());
        pdf.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = pdf.len();
    pdf.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        pdf.push_str(&format!("{place:010} 00000 n \n"));
    }
    pdf.push_str(&format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    pdf.into_bytes()
}

/// Two seconds of two soft tones: WAV, 8 kHz, 8 bits.
fn voice() -> Vec<u8> {
    const RATE: u32 = 8_000;
    let samples: Vec<u8> = (0..2 * RATE)
        .map(|at| {
            let seconds = f64::from(at) / f64::from(RATE);
            let tone = if seconds < 1.0 { 392.0 } else { 523.25 };
            let fading = (std::f64::consts::PI * seconds.fract()).sin();
            let wave = (std::f64::consts::TAU * tone * seconds).sin() * fading * 60.0;
            (128.0 + wave) as u8
        })
        .collect();
    let length = 2 * RATE;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + length).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend(b"\x01\0\x08\0data");
    wav.extend(length.to_le_bytes());
    wav.extend(samples);
    wav
}
