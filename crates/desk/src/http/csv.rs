//! A table that somebody made in a spreadsheet: CSV as programs really write it, read into named columns.

use axum::{
    extract::{FromRequest, Request},
    http::header,
};
use balcao_types::{ErrorCode, rules::text::folded};

use super::body::whole_body;
use crate::{
    Desk,
    error::{Error, Result},
};

/// The largest file, in bytes.
const FILE_MAX: usize = 1024 * 1024;

/// How many rows a file may have besides its first.
pub const ROWS_MAX: usize = 2_000;

/// How many columns are looked at.
const COLUMNS_MAX: usize = 64;

/// The table of a `text/csv` body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    headings: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row with the line of the file on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    cells: Vec<String>,
}

impl Sheet {
    /// The place of the column with one of these headings, written in whatever case and with or without accents.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.headings.iter().position(|heading| names.contains(&heading.as_str()))
    }

    /// Reads a file: its character set and separator are found out, empty rows are left out.
    ///
    /// # Errors
    /// 422 on `file` when there is nothing in it, or too much.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        // One way of ending lines, so that they are counted alike.
        let text = text_of(bytes).replace("\r\n", "\n").replace('\r', "\n");
        let delimiter = delimiter_of(text.lines().next().unwrap_or(""));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_unreadable| Error::field("file", ErrorCode::InvalidValue))?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells: Vec<String> = record.iter().take(COLUMNS_MAX).map(|cell| cell.trim().to_owned()).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            // One more is the headings.
            if rows.len() > ROWS_MAX {
                return Err(Error::limited("file", ErrorCode::TooMany, ROWS_MAX));
            }
            rows.push(Row { line, cells });
        }
        match rows.len() {
            0 => return Err(Error::field("file", ErrorCode::Required)),
            1 => return Err(Error::field("file", ErrorCode::NoRows)),
            _ => {}
        }
        let headings = rows.remove(0).cells.iter().map(|heading| heading_key(heading)).collect();
        Ok(Self { headings, rows })
    }
}

impl Row {
    /// The cell of a column; empty where the row is shorter or the file has no such column.
    pub fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).map_or("", String::as_str)
    }
}

/// A heading as it is compared: without case, accents, and what stands between words.
fn heading_key(heading: &str) -> String {
    folded(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The text of a file. With a mark at its beginning it is what the mark says; else each line that is valid UTF-8 is that, and any other is
/// Windows-1252, as older spreadsheets write.
fn text_of(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_other_set) => text.extend(line.iter().map(|byte| windows_1252(*byte))),
        }
    }
    text
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// <https://encoding.spec.whatwg.org/#windows-1252>
fn windows_1252(byte: u8) -> char {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte.checked_sub(0x80).and_then(|place| UPPER.get(usize::from(place))) {
        Some(character) => *character,
        None => char::from(byte),
    }
}

/// What stands between the headings: most often a semicolon where people write decimals with a comma.
fn delimiter_of(first: &str) -> u8 {
    let mut is_quoted = false;
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    for byte in first.bytes() {
        is_quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| !is_quoted && *delimiter == byte) {
            *count += 1;
        }
    }
    // Of equals the first.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(delimiter, _)| delimiter)
}

impl FromRequest<Desk> for Sheet {
    type Rejection = Error;

    async fn from_request(request: Request, _desk: &Desk) -> Result<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = content_type.and_then(|value| value.split(';').next()).map(str::trim);
        if kind != Some("text/csv") {
            return Err(Error::refused(ErrorCode::UnsupportedMediaType));
        }
        let bytes = whole_body(request, FILE_MAX).await?;
        Self::read(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{ROWS_MAX, Sheet};
    use crate::error::Error;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        Sheet::read(bytes).unwrap().rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn every_spreadsheet_s_way_of_writing_reads_alike() {
        let wanted = vec![vec!["João \"Zé\"; Ação".to_owned(), "a@b.co".to_owned()]];
        let utf8 = "Nome;E-mail\n\"João \"\"Zé\"\"; Ação\";a@b.co\n";
        let latin: Vec<u8> = utf8.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xfeff].into_iter().chain(utf8.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        for file in [utf8.as_bytes(), format!("\u{feff}{utf8}").as_bytes(), &latin, &utf16, &big] {
            assert_eq!(cells(file), wanted);
        }
        assert_eq!(cells("Nome,E-mail\r\n\"João \"\"Zé\"\"; Ação\",a@b.co\r\n".as_bytes()), wanted);
        assert_eq!(cells("Nome\tE-mail\n\"João \"\"Zé\"\"; Ação\"\ta@b.co".as_bytes()), wanted);
        assert_eq!(cells(b"\"a;b\",c\nx\x80,y\n"), [["x€", "y"]], "Windows-1252, and a separator in quotes");
    }

    #[test]
    fn rows_keep_their_lines_and_columns_their_names() {
        let sheet = Sheet::read("\nE-MAIL ; Função\n\n;;\na@b.co;x\n\"c\nd\";y;z\nshort\n".as_bytes()).unwrap();
        let lines: Vec<u64> = sheet.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [5, 6, 8]);
        let (email, role) = (sheet.column(&["email"]), sheet.column(&["papel", "funcao"]));
        assert_eq!((email, role, sheet.column(&["nome"])), (Some(0), Some(1), None));
        assert_eq!(sheet.rows[0].cell(role), "x");
        assert_eq!((sheet.rows[2].cell(role), sheet.rows[2].cell(None)), ("", ""));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        let told = |bytes: &[u8]| match Sheet::read(bytes) {
            Err(Error::Fields(faults)) => format!("{}:{}", faults[0].field, faults[0].code),
            other => format!("{other:?}"),
        };
        for nothing in ["", "\n\n", "\u{feff}", ";;;\n;;;"] {
            assert_eq!(told(nothing.as_bytes()), "file:required", "{nothing:?}");
        }
        assert_eq!(told(b"nome;email\n"), "file:no_rows", "headings alone");
        let many = |rows: usize| format!("a\n{}", "x\n".repeat(rows));
        assert_eq!(Sheet::read(many(ROWS_MAX).as_bytes()).unwrap().rows.len(), ROWS_MAX);
        assert_eq!(told(many(ROWS_MAX + 1).as_bytes()), "file:too_many");
        // A quote that never ends is one cell, which the column's own rule refuses.
        assert_eq!(Sheet::read(b"a;b\n\"x;y\nz;w\n").unwrap().rows.len(), 1);
        assert_eq!(
            Sheet::read(format!("a\n{}", ";".repeat(500_000)).as_bytes()).unwrap_err().code().as_str(),
            "validation_failed"
        );
    }
}
