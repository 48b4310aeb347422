//! What a form says where it says nothing.

/// For `#[serde(default = "…")]` of what is on unless somebody switches it off.
pub const fn yes() -> bool {
    true
}
