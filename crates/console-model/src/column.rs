//! Ids and enums as columns of sea-orm. Stored are the text and the number; a text that is no id, and a number that nobody
//! knows, is an error of whoever reads the row.

/// Makes an enum the type of a column of small integers; `read`: from a stored number, or [`crate::UnknownValue`].
macro_rules! number_column {
    ($name:ident, $read:expr) => {
        impl From<$name> for sea_orm::Value {
            fn from(value: $name) -> Self {
                Self::SmallInt(Some(value.number()))
            }
        }

        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                let number = <i16 as sea_orm::TryGetable>::try_get_by(row, index)?;
                let known: Result<Self, $crate::UnknownValue> = $read(number);
                known.map_err(|error| sea_orm::DbErr::Type(error.to_string()).into())
            }
        }

        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                let number = <i16 as sea_orm::sea_query::ValueType>::try_from(value)?;
                let known: Result<Self, $crate::UnknownValue> = $read(number);
                known.map_err(|_| sea_orm::sea_query::ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::SmallInt
            }

            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::SmallInteger
            }
        }

        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::Value {
                sea_orm::Value::SmallInt(None)
            }
        }
    };
}

/// Makes an id the type of a column of text.
macro_rules! id_column {
    ($name:ident) => {
        impl From<$name> for sea_orm::Value {
            fn from(id: $name) -> Self {
                String::from(id).into()
            }
        }

        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                let text = <String as sea_orm::TryGetable>::try_get_by(row, index)?;
                let id = <Self as TryFrom<String>>::try_from(text);
                id.map_err(|error| sea_orm::DbErr::Type(error.to_string()).into())
            }
        }

        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                let text = <String as sea_orm::sea_query::ValueType>::try_from(value)?;
                <Self as TryFrom<String>>::try_from(text).map_err(|_| sea_orm::sea_query::ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::String
            }

            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::string(None)
            }
        }

        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::Value {
                sea_orm::Value::String(None)
            }
        }

        // Asked of every primary key, for databases that count; ids are never counted.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}
pub(crate) use id_column;
pub(crate) use number_column;
