//! How the chat of a connection looks in a department: the department's own, item by item, else the connection's (T-061, X-022).

use balcao_types::{
    DepartmentId,
    settings::{DepartmentSettings, MessageSettings, WebchatSettings},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    panel::{panel_settings, tint},
    said::put_messages,
};
use crate::{Desk, connections::Site, departments, error::Result};

/// A connection as visitors meet it.
pub(super) struct Worn {
    /// With the looks of its department, where it has one.
    pub site: Site,
    /// What its department says; nothing where it has none.
    pub own: DepartmentSettings,
}

impl Worn {
    /// A connection with the looks of its department.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of(desk: &Desk, site: Site) -> Result<Self> {
        let own = match site.department {
            Some(department) => departments::all_settings(desk.store.read(), site.workspace).await?.remove(&department),
            None => None,
        };
        Ok(Self::with(site, own.unwrap_or_default()))
    }

    /// The same with what is said here instead.
    pub fn with(site: Site, own: DepartmentSettings) -> Self {
        let settings = own.over(&site.settings);
        Self { site: Site { settings, ..site }, own }
    }
}

/// Whether a page that names one of these departments shows another launcher for it.
pub(super) fn changes_launcher<'a>(departments: impl IntoIterator<Item = &'a DepartmentSettings>) -> bool {
    departments.into_iter().any(|own| own.looks.changes_launcher())
}

/// What the chat shows in one department and not in all.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Looks {
    #[serde(skip_serializing_if = "Map::is_empty")]
    settings: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    texts: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tint: Option<String>,
}

/// What everybody is shown.
pub(super) struct General<'a> {
    pub settings: &'a WebchatSettings,
    pub messages: &'a MessageSettings,
    pub company: &'a str,
}

impl General<'_> {
    /// What is different in a department; none where nothing is.
    ///
    /// # Errors
    /// Never: settings always encode.
    pub fn looks_of(&self, own: &DepartmentSettings) -> Result<Option<Looks>> {
        let worn = own.over(self.settings);
        let mut texts = Map::new();
        put_messages(&mut texts, &own.messages.over(self.messages), self.company);
        put_texts(&mut texts, &worn);
        let mut general = Map::new();
        put_messages(&mut general, self.messages, self.company);
        put_texts(&mut general, self.settings);
        let looks = Looks {
            settings: changed(panel_settings(&worn)?, &panel_settings(self.settings)?),
            texts: changed(Value::Object(texts), &Value::Object(general)),
            tint: Some(tint(&worn)).filter(|own| *own != tint(self.settings)),
        };
        let is_empty = looks.settings.is_empty() && looks.texts.is_empty() && looks.tint.is_none();
        Ok(Some(looks).filter(|_| !is_empty))
    }
}

/// What is different; `null` for what is not there any more.
fn changed(all: Value, general: &Value) -> Map<String, Value> {
    let (Value::Object(all), Value::Object(general)) = (all, general) else { return Map::new() };
    let gone = general.keys().filter(|name| !all.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let gone: Vec<_> = gone.collect();
    all.into_iter().filter(|(name, value)| general.get(name) != Some(value)).chain(gone).collect()
}

/// Puts what stands in settings and is said in the panel's own place for it (T-062).
pub(super) fn put_texts(texts: &mut Map<String, Value>, settings: &WebchatSettings) {
    for (key, text) in [("form.intro", &settings.form_intro), ("composer.placeholder", &settings.placeholder)] {
        if !text.is_empty() {
            texts.insert(key.to_owned(), text.clone().into());
        }
    }
}

/// A department among which the visitor chooses.
#[derive(Serialize)]
pub(super) struct Offered {
    pub id: DepartmentId,
    pub name: String,
    pub online: bool,
    pub closed: Option<crate::agents::Closed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
}

#[cfg(test)]
mod tests {
    use balcao_types::settings::{DepartmentLooks, DepartmentSettings, MessageSettings, WebchatSettings};
    use serde_json::json;

    use super::General;

    fn told(own: &DepartmentSettings) -> serde_json::Value {
        let (settings, messages) = (WebchatSettings::default(), MessageSettings::default());
        let general = General { settings: &settings, messages: &messages, company: "Vila Clara" };
        serde_json::to_value(general.looks_of(own).ok().flatten()).unwrap_or_default()
    }

    /// T-061: only what is different travels.
    #[test]
    fn a_department_tells_what_is_different_and_nothing_else() {
        assert_eq!(told(&DepartmentSettings::default()), json!(null));
        let looks = DepartmentLooks {
            plugin_name: Some("Financeiro".to_owned()),
            placeholder: Some("Sua dúvida".to_owned()),
            colour: Some("#ffcc00".to_owned()),
            width: Some(400),
            ..DepartmentLooks::default()
        };
        let messages = MessageSettings { offline: "{company} volta já".to_owned(), ..MessageSettings::default() };
        let told = told(&DepartmentSettings { looks, messages, ..DepartmentSettings::default() });
        assert_eq!(told["settings"], json!({ "plugin_name": "Financeiro" }), "the size is the loader's");
        assert_eq!(told["texts"]["composer.placeholder"], "Sua dúvida");
        assert_eq!(told["texts"]["home.offline"], "Vila Clara volta já");
        assert!(told["tint"].as_str().is_some_and(|tint| tint.starts_with("--brand:#ffcc00;--on-brand:#000000;")));
    }
}
