//! What an attacker would try: script in every field, other people's ids and secrets, forged tickets, planted cookies, floods.

mod limits;
mod secrets;
mod strings;
