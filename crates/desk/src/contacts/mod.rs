//! Contacts: the people on the other side, and the identities by which a connection knows them.

mod erase;
mod identify;
mod queries;
mod table;

pub use erase::{erase, heir, is_erased, lock_outlived, outlived, refuse_erased};
pub use identify::{
    CUSTOMER, ContactFacts, Identity, VISITOR_KEY, contact_by_email, contact_of_identity, correct_email, identify,
    insert_contact, lock_contact, lock_identities, next_value, whereabouts,
};
pub use queries::{ContactShown, are_few, by_id, by_ids, holds, matching};
