//! Contacts: the people on the other side, and the identities by which a connection knows them.

mod identify;
mod queries;
mod table;

pub use identify::{
    CUSTOMER, ContactFacts, Identity, VISITOR_KEY, contact_of_identity, identify, insert_contact, lock_identities,
    next_value,
};
pub use queries::{ContactShown, are_few, by_id, by_ids, holds, matching};
