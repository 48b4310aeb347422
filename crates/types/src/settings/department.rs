//! What holds for one department.

use serde::{Deserialize, Serialize};

use crate::DepartmentDistribution;

/// A department's settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DepartmentSettings {
    /// Who is given its new conversations (T-089).
    pub distribution: DepartmentDistribution,
}
