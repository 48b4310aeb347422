//! Names of files as people gave them: made harmless for a screen, a header and a disk, and refused where they promise a program.

use balcao_types::rules::text::one_line;

/// The longest name, in characters.
const NAME_MAX: usize = 200;
/// The longest extension that is kept when a name is shortened.
const EXTENSION_MAX: usize = 20;

/// What systems run when it is opened, by the end of its name.
const PROGRAMS: &[&str] = &[
    "acm",
    "ade",
    "adp",
    "apk",
    "app",
    "appimage",
    "application",
    "appref-ms",
    "appx",
    "appxbundle",
    "asp",
    "aspx",
    "ax",
    "bas",
    "bash",
    "bat",
    "cab",
    "ccs",
    "chm",
    "class",
    "cmd",
    "com",
    "command",
    "cpl",
    "csh",
    "deb",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "drv",
    "ear",
    "elf",
    "exe",
    "fish",
    "fxp",
    "gadget",
    "grp",
    "hta",
    "htc",
    "img",
    "inf",
    "ipa",
    "iqy",
    "iso",
    "isp",
    "jar",
    "jnlp",
    "js",
    "jse",
    "jsp",
    "jspx",
    "ksh",
    "library-ms",
    "lnk",
    "mad",
    "mda",
    "mdb",
    "mde",
    "mdt",
    "mdw",
    "mdz",
    "mjs",
    "msc",
    "msh",
    "msi",
    "msix",
    "msixbundle",
    "msp",
    "mst",
    "msu",
    "nsh",
    "ocx",
    "osd",
    "pcd",
    "phar",
    "php",
    "php3",
    "php4",
    "php5",
    "phtml",
    "pif",
    "pkg",
    "pl",
    "plg",
    "prg",
    "ps1",
    "ps1xml",
    "ps2",
    "psc1",
    "psc2",
    "psd1",
    "psm1",
    "py",
    "pyc",
    "pyo",
    "pyw",
    "pyz",
    "rb",
    "rdp",
    "reg",
    "rpm",
    "run",
    "scf",
    "scpt",
    "scr",
    "sct",
    "search-ms",
    "service",
    "settingcontent-ms",
    "sh",
    "shb",
    "shs",
    "slk",
    "snap",
    "so",
    "sys",
    "terminal",
    "udl",
    "url",
    "vb",
    "vbe",
    "vbp",
    "vbs",
    "vhd",
    "vhdx",
    "vsmacros",
    "vxd",
    "war",
    "wasm",
    "webloc",
    "website",
    "workflow",
    "ws",
    "wsb",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xll",
    "xnk",
    "zsh",
];

/// A name as it may be shown and saved: its last part, one line, no character that a system or a reader could be misled by, at most 200
/// characters with its extension. Empty when nothing is left.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = one_line(last, usize::MAX)
        .chars()
        .filter(|c| !is_unseen(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let plain = plain.trim().trim_start_matches('.').trim_end_matches(['.', ' ']).trim();
    shortened(plain)
}

/// Marks of direction and characters without a width: a name is read as it is written.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match extension.filter(|extension| extension.chars().count() <= EXTENSION_MAX) {
        Some(extension) => {
            let kept = NAME_MAX - extension.chars().count() - 1;
            let stem: String = name.chars().take(kept).collect();
            format!("{}.{extension}", stem.trim_end_matches(['.', ' ']))
        }
        None => name.chars().take(NAME_MAX).collect(),
    }
}

/// Whether a cleaned name is one that systems run.
pub fn is_refused_name(name: &str) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    let extension = extension.trim().to_lowercase();
    PROGRAMS.contains(&extension.as_str())
}

/// A `Content-Disposition` that saves under the name (RFC 6266, RFC 8187).
pub fn attachment(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect();
    let plain = plain.replace(['"', '\\', '%', ';'], "_");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(name))
}

/// A text as it may stand in an address or a header's parameter: everything but letters, digits and `-._~` as bytes in hex.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        use std::fmt::Write;
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{PROGRAMS, attachment, clean_name, is_refused_name};

    #[test]
    fn a_name_is_one_harmless_part() {
        for (given, clean) in [
            ("foto.jpg", "foto.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\nota fiscal.pdf", "nota fiscal.pdf"),
            ("..\u{2044}..", "\u{2044}"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a\u{200b}b\r\nc\t.txt", "abc.txt"),
            ("a.exe\u{206a}", "a.exe"),
            ("a.bat\u{3164}\u{fe0f}\u{2800}", "a.bat"),
            ("a.exe. . .", "a.exe"),
            ("a.exe::$DATA", "a.exe__$DATA"),
            ("...", ""),
            (" .htaccess ", "htaccess"),
            ("relatório \u{1f4c4}.xlsx", "relatório \u{1f4c4}.xlsx"),
        ] {
            assert_eq!(clean_name(given), clean, "{given:?}");
        }
        let long = clean_name(&format!("{}.docx", "ã".repeat(500)));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("ã.docx"));
        assert_eq!(clean_name(&format!("a.{}", "b".repeat(500))).chars().count(), 200);
    }

    #[test]
    fn names_of_programs_are_refused_whatever_their_case() {
        for name in ["a.exe", "A.EXE", "foto.jpg.scr", "a.Js", "b.ps1", "c.LNK", "d.jar", "e.apk", "f.msi"] {
            assert!(is_refused_name(&clean_name(name)), "{name}");
        }
        for name in ["a.pdf", "exe", "a.zip", "a.exe.txt", "a.docx", "a"] {
            assert!(!is_refused_name(name), "{name}");
        }
        assert!(PROGRAMS.is_sorted());
    }

    #[test]
    fn a_header_holds_any_name() {
        assert_eq!(
            attachment("relatório \"1\".pdf"),
            "attachment; filename=\"relat_rio _1_.pdf\"; filename*=UTF-8''relat%C3%B3rio%20%221%22.pdf"
        );
    }
}
