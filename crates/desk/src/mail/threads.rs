//! What binds a mail to what it is about: a mark in its message id and in the address that answers go to. It is signed, so that nobody who has
//! not been written to can write into somebody's thread.

use balcao_types::OfflineMessageId;
use uuid::Uuid;

use crate::{error::Result, visitors::TicketKey};

/// An id in hex and its signature.
const LENGTH: usize = 32 + 20;

/// What the key signs; `~` stands in no ticket.
fn signed(id: &str) -> String {
    format!("m~{id}")
}

/// The mark of an offline message: lower-case hex, so that it survives in addresses.
///
/// # Errors
/// When the key is unusable.
pub fn mark_of(key: &TicketKey, message: OfflineMessageId) -> Result<String> {
    let id = message.0.simple().to_string();
    let mark = key.mark(&signed(&id))?;
    Ok(format!("{id}{mark}"))
}

/// The offline message whose mark stands in a text (a message id, an address); none where there is none, or a forged one.
pub fn message_of(key: &TicketKey, text: &str) -> Option<OfflineMessageId> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == LENGTH);
    words.map(str::to_ascii_lowercase).find_map(|word| {
        let (id, mark) = word.split_at_checked(32)?;
        let message = OfflineMessageId(Uuid::try_parse(id).ok()?);
        key.is_mark(&signed(id), mark).then_some(message)
    })
}

#[cfg(test)]
mod tests {
    use balcao_types::OfflineMessageId;
    use uuid::Uuid;

    use super::{mark_of, message_of};
    use crate::visitors::TicketKey;

    #[test]
    fn only_our_own_mark_leads_to_a_message() {
        let key = TicketKey::of("k");
        let message = OfflineMessageId(Uuid::from_u128(7));
        let mark = mark_of(&key, message).unwrap();
        assert_eq!(message_of(&key, &format!("<{mark}.abc@loja.test>")), Some(message));
        assert_eq!(message_of(&key, &format!("Suporte+{}@loja.test", mark.to_uppercase())), Some(message));
        assert_eq!(message_of(&TicketKey::of("other"), &mark), None);
        let other = mark.replacen("07", "08", 1);
        for text in [other.as_str(), &mark[..51], &format!("{mark}0"), "", "<a@b>"] {
            assert_eq!(message_of(&key, text), None, "{text}");
        }
    }
}
