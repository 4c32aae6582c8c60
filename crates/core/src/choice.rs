//! Choices of a document, told apart by their `kind`.
//!
//! Serde's own reader of such an enum keeps the object in a form of its own and is compiled anew for every variant of every enum;
//! five of them were a tenth of the module that a page waits for. Here the object is JSON, and each variant takes its fields out.

use crate::complete::Complete;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde_json::{Error, Value};

/// The fields of a choice, as far as they have not been taken.
pub(crate) struct Fields {
    kind: String,
    rest: Vec<(String, Value)>,
}

impl Fields {
    fn of(document: Value) -> Result<Fields, Error> {
        let Value::Object(map) = document else {
            return Err(Error::custom("it must be an object with a kind"));
        };
        let mut fields = Fields { kind: String::new(), rest: map.into_iter().collect() };
        match fields.json("kind")? {
            Value::String(kind) => Ok(Fields { kind, ..fields }),
            other => Err(Error::custom(format!("its kind must be a word, got {other}"))),
        }
    }

    /// Takes a field out, if it is there; the others keep their order.
    fn find(&mut self, name: &str) -> Option<Value> {
        let place = self.rest.iter().position(|(known, _)| known == name)?;
        Some(self.rest.remove(place).1)
    }

    /// The `kind`.
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// A field that has to be there, as JSON.
    pub(crate) fn json(&mut self, name: &'static str) -> Result<Value, Error> {
        self.find(name).ok_or_else(|| Error::missing_field(name))
    }

    /// A field that has to be there.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Error> {
        serde_json::from_value(self.json(name)?)
    }

    /// A field that has a default.
    pub(crate) fn take_or<T: DeserializeOwned>(&mut self, name: &str, default: fn() -> T) -> Result<T, Error> {
        self.find(name).map_or_else(|| Ok(default()), serde_json::from_value)
    }

    /// All of them as a document of their own.
    pub(crate) fn document<T: DeserializeOwned>(&mut self) -> Result<T, Error> {
        serde_json::from_value(Value::Object(std::mem::take(&mut self.rest).into_iter().collect()))
    }

    /// The same of a kind that only the complete build knows.
    pub(crate) fn rare<T: DeserializeOwned>(&mut self) -> Result<T, Error> {
        Complete::needed(&self.kind).map_err(Error::custom)?;
        self.document()
    }

    /// That this kind is none of those that there are.
    pub(crate) fn unknown<T>(&self, kinds: &'static [&'static str]) -> Result<T, Error> {
        Err(Error::unknown_variant(&self.kind, kinds))
    }
}

/// Reads a choice; `variant` takes the fields of the one that is named, and those left over are refused.
pub(crate) fn read<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    variant: fn(&mut Fields) -> Result<T, Error>,
) -> Result<T, D::Error> {
    let choose = |document| {
        let mut fields = Fields::of(document)?;
        let chosen = variant(&mut fields)?;
        match fields.rest.first() {
            Some((odd, _)) => Err(Error::custom(format!("unknown field `{odd}` of the kind {}", fields.kind))),
            None => Ok(chosen),
        }
    };
    choose(Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use crate::noise::{NoiseCovariance, NoiseLaw};
    use serde_json::{Value, from_value, json};

    #[test]
    fn every_mistake_is_named() {
        let problem = |document: Value| from_value::<NoiseCovariance>(document).unwrap_err().to_string();
        assert_eq!(problem(json!({ "variance": 1 })), "missing field `kind`");
        assert_eq!(problem(json!({ "kind": "white" })), "missing field `variance`");
        assert_eq!(problem(json!({ "kind": 3 })), "its kind must be a word, got 3");
        assert_eq!(problem(json!([1])), "it must be an object with a kind");
        assert_eq!(problem(json!({ "kind": "white", "variance": "x" })), "invalid type: string \"x\", expected f64");
        let message = problem(json!({ "kind": "white", "variance": 1, "scale": 2 }));
        assert_eq!(message, "unknown field `scale` of the kind white");
        assert!(
            problem(json!({ "kind": "pink" }))
                .starts_with("unknown variant `pink`, expected one of `white`, `hessian`")
        );
        // Also of a kind that has no field.
        assert!(from_value::<NoiseLaw>(json!({ "kind": "laplace", "degrees": 1 })).is_err());
    }
}
