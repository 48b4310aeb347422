//! Phone numbers and Telegram names as people type them (D-006, D-007), and the calling codes of countries.

/// The calling code where no country is known.
pub const DEFAULT_CALLING_CODE: &str = "55";

/// Countries (ISO 3166-1) with their calling codes (ITU-T E.164), each as two letters and digits.
const CALLING_CODES: &str = "AD376 AE971 AF93 AG1 AI1 AL355 AM374 AO244 AR54 AS1 AT43 AU61 AW297 AX358 AZ994 BA387 BB1 \
    BD880 BE32 BF226 BG359 BH973 BI257 BJ229 BL590 BM1 BN673 BO591 BQ599 BR55 BS1 BT975 BW267 BY375 BZ501 CA1 CC61 CD243 \
    CF236 CG242 CH41 CI225 CK682 CL56 CM237 CN86 CO57 CR506 CU53 CV238 CW599 CX61 CY357 CZ420 DE49 DJ253 DK45 DM1 DO1 \
    DZ213 EC593 EE372 EG20 EH212 ER291 ES34 ET251 FI358 FJ679 FK500 FM691 FO298 FR33 GA241 GB44 GD1 GE995 GF594 GG44 \
    GH233 GI350 GL299 GM220 GN224 GP590 GQ240 GR30 GT502 GU1 GW245 GY592 HK852 HN504 HR385 HT509 HU36 ID62 IE353 IL972 \
    IM44 IN91 IO246 IQ964 IR98 IS354 IT39 JE44 JM1 JO962 JP81 KE254 KG996 KH855 KI686 KM269 KN1 KP850 KR82 KW965 KY1 KZ7 \
    LA856 LB961 LC1 LI423 LK94 LR231 LS266 LT370 LU352 LV371 LY218 MA212 MC377 MD373 ME382 MF590 MG261 MH692 MK389 ML223 \
    MM95 MN976 MO853 MP1 MQ596 MR222 MS1 MT356 MU230 MV960 MW265 MX52 MY60 MZ258 NA264 NC687 NE227 NF672 NG234 NI505 NL31 \
    NO47 NP977 NR674 NU683 NZ64 OM968 PA507 PE51 PF689 PG675 PH63 PK92 PL48 PM508 PR1 PS970 PT351 PW680 PY595 QA974 RE262 \
    RO40 RS381 RU7 RW250 SA966 SB677 SC248 SD249 SE46 SG65 SH290 SI386 SJ47 SK421 SL232 SM378 SN221 SO252 SR597 SS211 \
    ST239 SV503 SX1 SY963 SZ268 TC1 TD235 TG228 TH66 TJ992 TK690 TL670 TM993 TN216 TO676 TR90 TT1 TV688 TW886 TZ255 UA380 \
    UG256 US1 UY598 UZ998 VA39 VC1 VE58 VG1 VI1 VN84 VU678 WF681 WS685 XK383 YE967 YT262 ZA27 ZM260 ZW263";

/// The calling code of a country, given as two capital letters. None for anything else.
pub fn calling_code(country: &str) -> Option<&'static str> {
    let is_one = country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase());
    CALLING_CODES.split_whitespace().find_map(|entry| entry.strip_prefix(country)).filter(|_| is_one)
}

/// How many digits a number has at most without its calling code. More than that, beginning with the code, has it already.
fn longest_national(code: &str) -> usize {
    match code {
        "55" | "86" | "49" | "43" | "62" => 11,
        "34" | "351" | "33" | "56" | "51" | "593" | "595" => 9,
        "598" | "506" | "503" | "502" | "505" | "507" | "504" => 8,
        _ => 10,
    }
}

/// The digits of a number with its country code, as `wa.me` wants them; a number without one takes `code` (`55` for Brazil).
/// None when there is a letter or the length cannot be right (8 to 15 digits, ITU-T E.164).
pub fn international(typed: &str, code: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().any(|c| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '(' | ')' | '-' | '.'))) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let full = if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if typed.starts_with('+') || (digits.starts_with(code) && digits.len() > longest_national(code)) {
        digits
    } else {
        // The zero in front is for calls within the country. Italy's belongs to the number.
        let national = digits.strip_prefix('0').filter(|_| code != "39").unwrap_or(&digits);
        format!("{code}{national}")
    };
    (8..=15).contains(&full.len()).then_some(full)
}

/// What stands behind `t.me/` for `@name`, `name` or a phone number. None for anything else.
pub fn telegram(typed: &str, code: &str) -> Option<String> {
    let typed = typed.trim();
    let name = typed.strip_prefix('@').unwrap_or(typed);
    let is_name = (4..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { Some(name.to_owned()) } else { international(typed, code).map(|digits| format!("+{digits}")) }
}

#[cfg(test)]
mod tests {
    use super::{CALLING_CODES, calling_code, international, telegram};

    #[test]
    fn a_number_without_country_code_takes_the_companys() {
        assert_eq!(international("(11) 98765-4321", "55").as_deref(), Some("5511987654321"));
        assert_eq!(international("011 98765-4321", "55").as_deref(), Some("5511987654321"));
        assert_eq!(international("55 99123-4567", "55").as_deref(), Some("5555991234567"), "an area code of 55");
        assert_eq!(international("+351 912 345 678", "55").as_deref(), Some("351912345678"));
        assert_eq!(international("00351 912 345 678", "55").as_deref(), Some("351912345678"));
        assert_eq!(international("5511987654321", "55").as_deref(), Some("5511987654321"));
        assert_eq!(international("912 345 678", "351").as_deref(), Some("351912345678"));
        assert_eq!(international("351 912 345 678", "351").as_deref(), Some("351912345678"));
        assert_eq!(international("(212) 555-0123", "1").as_deref(), Some("12125550123"));
        assert_eq!(international("1 212 555 0123", "1").as_deref(), Some("12125550123"));
        assert_eq!(international("07700 900123", "44").as_deref(), Some("447700900123"));
        assert_eq!(international("06 1234 5678", "39").as_deref(), Some("390612345678"));
        assert_eq!(international("0800-VENDAS", "55"), None);
        assert_eq!(international("12", "55"), None);
    }

    #[test]
    fn telegram_takes_names_and_numbers() {
        assert_eq!(telegram("@minha_loja", "55").as_deref(), Some("minha_loja"));
        assert_eq!(telegram("(11) 98765-4321", "55").as_deref(), Some("+5511987654321"));
        assert_eq!(telegram("a b", "55"), None);
    }

    #[test]
    fn a_country_is_two_capital_letters_of_the_list() {
        assert_eq!(calling_code("BR"), Some("55"));
        assert_eq!(calling_code("PT"), Some("351"));
        assert_eq!(calling_code("UY"), Some("598"));
        for none in ["", "B", "br", "BRA", "BR5", "QQ", "55"] {
            assert_eq!(calling_code(none), None, "{none}");
        }
        let entries: Vec<&str> = CALLING_CODES.split_whitespace().collect();
        assert!(entries.is_sorted() && entries.len() > 240);
        assert!(entries.iter().all(|entry| calling_code(&entry[..2]) == Some(&entry[2..])));
    }
}
