//! Until when a certificate is valid: the one field of X.509 (RFC 5280, 4.1) that the program needs beyond what the TLS library reads.

use balcao_types::Timestamp;
use jiff::{civil, tz::TimeZone};

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The end of a certificate's validity; none when it cannot be read.
pub fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(certificate, Some(SEQUENCE))?;
    let (_, signed, _) = element(certificate, Some(SEQUENCE))?;
    let (tag, _, after_first) = element(signed, None)?;
    // The version stands first, unless it is the oldest one; then the serial number, the algorithm and the issuer.
    let rest = if tag == VERSION { element(after_first, None)?.2 } else { after_first };
    let (_, _, rest) = element(rest, Some(SEQUENCE))?;
    let (_, _, rest) = element(rest, Some(SEQUENCE))?;
    let (_, validity, _) = element(rest, Some(SEQUENCE))?;
    let (_, _, after_start) = element(validity, None)?;
    let (tag, text, _) = element(after_start, None)?;
    moment(tag, std::str::from_utf8(text).ok()?)
}

/// The first DER element of some bytes: its tag, what is in it, and what follows.
fn element(bytes: &[u8], wanted: Option<u8>) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
        let length = digits.iter().try_fold(0usize, |sum, byte| sum.checked_mul(256)?.checked_add((*byte).into()))?;
        (length, rest)
    };
    let (inside, after) = rest.split_at_checked(length)?;
    wanted.is_none_or(|wanted| wanted == tag).then_some((tag, inside, after))
}

/// `YYMMDDHHMMSSZ` with years from 1950 to 2049, or `YYYYMMDDHHMMSSZ` (RFC 5280, 4.1.2.5).
fn moment(tag: u8, text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year: i16 = digits.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, digits.get(2..)?)
        }
        (GENERALIZED_TIME, 14) => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2).and_then(|two| two.parse::<i8>().ok());
    let civil = civil::DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0).ok()?;
    Some(Timestamp(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use balcao_types::Timestamp;

    use super::not_after;

    fn made(year: i32) -> Vec<u8> {
        let mut parameters = rcgen::CertificateParams::new(vec!["chat.example".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(year, 3, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        parameters.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_of_validity_is_read_before_and_after_2050() {
        assert_eq!(not_after(&made(2031)), Some(Timestamp(1_930_089_600_000_000)));
        assert_eq!(not_after(&made(2052)), Some(Timestamp(2_592_864_000_000_000)));
    }

    #[test]
    fn half_a_certificate_says_nothing_and_harms_nothing() {
        let whole = made(2031);
        for end in 0..whole.len() {
            assert_eq!(not_after(&whole[..end]), None, "{end}");
        }
        let mut broken = whole;
        for at in 0..broken.len().min(200) {
            let kept = std::mem::replace(&mut broken[at], 0xff);
            let _any = not_after(&broken);
            broken[at] = kept;
        }
    }
}
