//! A decoded value, for what the driver has to look at itself.

/// A PackStream value.
///
/// Equality is that of the encoding, except that a float NaN is not equal to itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer; every width is read into 64 bits.
    Int(i64),
    /// A float.
    Float(f64),
    /// A byte array.
    Bytes(Vec<u8>),
    /// A string.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// A map, in the order of the wire; where a key comes twice, the last counts.
    Map(Vec<(String, Value)>),
    /// A structure.
    Struct {
        /// Says what the structure means.
        tag: u8,
        /// Its fields.
        fields: Vec<Value>,
    },
    /// A UUID (Bolt 6.1).
    Uuid([u8; 16]),
}

impl Value {
    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&[(String, Value)]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value behind `key`, if it is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_only_for_its_own_type() {
        let list = Value::List(vec![Value::Int(1)]);
        assert_eq!((list.as_list(), list.as_int(), list.as_map()), (Some(&[Value::Int(1)][..]), None, None));
        let text = Value::String("a".to_owned());
        assert_eq!((text.as_str(), text.as_list()), (Some("a"), None));
        assert_eq!(Value::Int(-3).as_int(), Some(-3));
        assert!(Value::Null.is_null() && !text.is_null());
        assert_eq!(text.get("a"), None);
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let entry = |key: &str, value| (key.to_owned(), Value::Int(value));
        let map = Value::Map(vec![entry("a", 1), entry("b", 2), entry("a", 3)]);
        assert_eq!(map.get("a"), Some(&Value::Int(3)));
        assert_eq!(map.get("c"), None);
    }
}
