//! Challenges and what browsers make of them. A proof is a challenge and a number behind a comma; the SHA-256 of the whole begins with as
//! many zero bits as the challenge asks for. Nothing is stored before one is spent.

use balcao_platform::secrets::new_token;
use balcao_types::{ContactId, ErrorCode, Timestamp, settings::ChallengeWhen};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    Desk,
    connections::Site,
    error::{Error, Refusal, Result},
    http::ClientAddress,
    visitors::Ticket,
};

/// How long a challenge may be solved and used, in seconds.
pub const CHALLENGE_SECONDS: i64 = 600;
/// How many zero bits are asked for: some tens of milliseconds on any device, and some seconds of a slow phone at most.
const BITS: u32 = 14;
const BITS_MAX: u32 = 18;
/// A proof is shorter than this.
const PROOF_MAX: usize = 400;
/// How long the random part is.
const MARK: usize = 22;

/// A challenge as it is given out.
pub struct Challenge {
    pub text: String,
    pub bits: u32,
}

/// What may begin, with the challenge that is spent with it.
#[derive(Clone, Debug, Default)]
pub struct Admitted {
    pub spending: Option<Spending>,
}

/// A solved challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    pub mark: String,
    pub expires_at: Timestamp,
}

/// Why a proof is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Invalid,
    Expired,
}

/// Whether something that begins there now needs a proof, and with how many zero bits.
pub fn is_needed(desk: &Desk, site: &Site, address: ClientAddress) -> Option<u32> {
    let height = desk.floods.height(address, site.id, desk.clock.now());
    let is_flooded = height >= 1.0;
    match site.settings.challenge {
        ChallengeWhen::Off => None,
        ChallengeWhen::Flooded if !is_flooded => None,
        ChallengeWhen::Flooded | ChallengeWhen::Always => Some(bits_at(height)),
    }
}

/// One bit more each time the flood is twice as high.
fn bits_at(height: f64) -> u32 {
    let mut bits = BITS;
    let mut rest = height;
    while rest >= 2.0 && bits < BITS_MAX {
        rest /= 2.0;
        bits += 1;
    }
    bits
}

/// A new challenge for a visitor.
///
/// # Errors
/// When the key is unusable.
pub fn challenge(desk: &Desk, contact: ContactId, bits: u32) -> Result<Challenge> {
    let mark: String = new_token().chars().take(MARK).collect();
    let expires_at = desk.clock.now().plus_seconds(CHALLENGE_SECONDS);
    let text = desk.tickets.seal(&format!("proof:{contact}:{bits}:{}:{mark}", expires_at.0))?;
    Ok(Challenge { text, bits })
}

/// Lets something begin, by its proof where one is needed; who brings none is let through more slowly. [`begun`] counts it, once it has.
///
/// # Errors
/// 429 where a challenge has to be solved, or waited for; 422 for a proof that is none (any more). Each brings a fresh challenge.
pub fn admit(
    desk: &Desk,
    site: &Site,
    ticket: &Ticket,
    address: ClientAddress,
    proof: Option<&str>,
) -> Result<Admitted> {
    let needed = is_needed(desk, site, address);
    let spending = match (needed, proof) {
        (None, _) => None,
        (Some(bits), Some(proof)) => match read(desk, ticket.contact, proof) {
            Ok(spending) => Some(spending),
            Err(Fault::Invalid) => return Err(refused(desk, ticket, bits, (ErrorCode::ProofInvalid, None))),
            Err(Fault::Expired) => return Err(refused(desk, ticket, bits, (ErrorCode::ProofExpired, None))),
        },
        (Some(bits), None) => {
            let limits = &desk.limits;
            let wait = limits.unproven.check(&address.network()).err();
            let wait = wait.or_else(|| limits.connection_unproven.check(&site.id.to_string()).err());
            if let Some(wait) = wait {
                return Err(refused(desk, ticket, bits, (ErrorCode::ChallengeNeeded, Some(wait))));
            }
            None
        }
    };
    Ok(Admitted { spending })
}

/// Something has begun. What was refused has not: people behind one address who mistype are no flood.
pub fn begun(desk: &Desk, site: &Site, address: ClientAddress) {
    desk.floods.count(address, site.id, desk.clock.now());
}

/// The refusal of a challenge that was spent already, with a fresh one.
pub fn again(desk: &Desk, site: &Site, ticket: &Ticket, address: ClientAddress, error: Error) -> Error {
    match is_needed(desk, site, address) {
        Some(bits) if error.code() == ErrorCode::ProofUsed => refused(desk, ticket, bits, (ErrorCode::ProofUsed, None)),
        _ => error,
    }
}

fn refused(desk: &Desk, ticket: &Ticket, bits: u32, (code, retry_after): (ErrorCode, Option<u64>)) -> Error {
    match challenge(desk, ticket.contact, bits) {
        Ok(challenge) => Error::Refused(Refusal { code, detail: Some(shown(&challenge)), retry_after }),
        Err(error) => error,
    }
}

/// As refusals tell it.
fn shown(challenge: &Challenge) -> Value {
    json!({ "challenge": challenge.text, "bits": challenge.bits })
}

/// What a proof stands for.
fn read(desk: &Desk, contact: ContactId, proof: &str) -> Result<Spending, Fault> {
    if proof.len() > PROOF_MAX {
        return Err(Fault::Invalid);
    }
    let (sealed, _) = proof.rsplit_once(',').ok_or(Fault::Invalid)?;
    let text = desk.tickets.open(sealed).ok_or(Fault::Invalid)?;
    let parts: Vec<&str> = text.split(':').collect();
    let ["proof", of, bits, expires_at, mark] = parts.as_slice() else { return Err(Fault::Invalid) };
    let (Ok(bits), Ok(expires_at)) = (bits.parse::<u32>(), expires_at.parse::<i64>().map(Timestamp)) else {
        return Err(Fault::Invalid);
    };
    if *of != contact.to_string() || zero_bits(proof) < bits {
        return Err(Fault::Invalid);
    }
    if expires_at <= desk.clock.now() {
        return Err(Fault::Expired);
    }
    Ok(Spending { mark: (*mark).to_owned(), expires_at })
}

/// With how many zero bits the SHA-256 of a text begins.
fn zero_bits(text: &str) -> u32 {
    let mut count = 0;
    for byte in Sha256::digest(text.as_bytes()) {
        count += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{BITS, BITS_MAX, bits_at, zero_bits};

    #[test]
    fn a_flood_twice_as_high_asks_for_one_bit_more_up_to_an_end() {
        assert_eq!([0.0, 1.0, 1.9, 2.0, 4.5, 1e9].map(bits_at), [BITS, BITS, BITS, BITS + 1, BITS + 2, BITS_MAX]);
    }

    #[test]
    fn zero_bits_are_counted_from_the_front() {
        // ba7816bf…
        assert_eq!(zero_bits("abc"), 0);
        let found = (0..100_000).find(|number| zero_bits(&format!("a,{number}")) >= 12);
        assert!(found.is_some());
    }
}
