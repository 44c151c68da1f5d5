use sfv::{DictSerializer, InnerList, KeyRef, RefBareItem, StringRef};

use super::{ALGORITHM, SignatureError, TAG};

/// The bytes that are signed (RFC 9421, section 2.5): one line per component, then the line of the parameters.
///
/// `components` are identifiers without their quotes, and values; `parameters` is the serialised inner list with its
/// parameters, exactly as `Signature-Input` carries it after the label.
#[must_use]
pub fn signature_base(components: &[(&str, &str)], parameters: &str) -> String {
    let mut base = String::new();
    for (name, value) in components {
        base.push('"');
        base.push_str(name);
        base.push_str("\": ");
        base.push_str(value);
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(parameters);
    base
}

/// The value of `@query` (RFC 9421, section 2.2.7): a question mark, then the query, even when there is none.
pub(super) fn query_value(query: Option<&str>) -> String {
    format!("?{}", query.unwrap_or_default())
}

fn text(value: &str) -> Result<&StringRef, SignatureError> {
    StringRef::from_str(value).map_err(|_| SignatureError::Malformed("a value is not plain ASCII"))
}

fn key(name: &str) -> Result<&KeyRef, SignatureError> {
    KeyRef::from_str(name).map_err(|_| SignatureError::Malformed("a name is not a structured-field key"))
}

fn without_label(serialised: Option<String>, label: &str) -> String {
    serialised
        .and_then(|field| {
            field
                .strip_prefix(label)
                .and_then(|rest| rest.strip_prefix('='))
                .map(str::to_owned)
        })
        .unwrap_or_default()
}

/// The inner list and parameters that we sign with.
pub(super) fn parameters(
    components: &[(&str, &str)],
    created: i64,
    nonce: &str,
    key_id: &str,
) -> Result<String, SignatureError> {
    let created = sfv::Integer::try_from(created)
        .map_err(|_| SignatureError::Malformed("the creation time is out of range"))?;
    let mut field = DictSerializer::new();
    let mut list = field.inner_list(key("sig")?);
    for (name, _) in components {
        let _ = list.bare_item(text(name)?);
    }
    let _ = list
        .finish()
        .parameter(key("created")?, created)
        .parameter(key("nonce")?, text(nonce)?)
        .parameter(key("keyid")?, text(key_id)?)
        .parameter(key("alg")?, text(ALGORITHM)?)
        .parameter(key("tag")?, text(TAG)?);
    Ok(without_label(field.finish(), "sig"))
}

/// The inner list and parameters of a received signature, serialised again in the strict form.
pub(super) fn serialised(list: &InnerList) -> Result<String, SignatureError> {
    let mut field = DictSerializer::new();
    let mut inner = field.inner_list(key("sig")?);
    for item in &list.items {
        let _ = inner
            .bare_item(RefBareItem::from(&item.bare_item))
            .parameters(&item.params);
    }
    let _ = inner.finish().parameters(&list.params);
    Ok(without_label(field.finish(), "sig"))
}
