use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a result says, in a form that a screen can draw. An engine that has something else to say reports any JSON value,
/// which is shown as it is.
///
/// In JSON the form is the member `kind`:
///
/// ```
/// use serde_json::json;
/// use task_interface::{Counts, Document};
///
/// let document = Document::from(Counts::new([("own_rows", 93), ("intersection", 50)]));
/// assert_eq!(
///     serde_json::Value::from(document),
///     json!({"kind": "counts", "counts": [
///         {"name": "own_rows", "count": 93},
///         {"name": "intersection", "count": 50},
///     ]})
/// );
/// ```
///
/// Names are words for programs (`own_rows`); screens know some of them in the operator's language and show the others as
/// they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Document {
    /// Numbers of things.
    Counts(Counts),
    /// Numbers that say how good something is.
    Scores(Scores),
    /// A line in a plane, such as a ROC curve.
    Curve(Curve),
    /// How often which class was taken for which.
    ConfusionMatrix(ConfusionMatrix),
    /// Rows and columns.
    Table(Table),
    /// An object that was written.
    File(File),
    /// Anything else.
    Json(Json),
}

/// Numbers of things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// In the order in which they are shown.
    pub counts: Vec<Count>,
}

/// A number of things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Of what; unique in the document.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Numbers that say how good something is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// On which rows, for example `validation`.
    #[serde(default)]
    pub part: Option<String>,
    /// On how many rows.
    #[serde(default)]
    pub rows: Option<u64>,
    /// In the order in which they are shown.
    pub scores: Vec<Score>,
}

/// A number that says how good something is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What it measures; unique in the document.
    pub name: String,
    /// How good; none when it is not defined here.
    pub value: Option<f64>,
}

/// A line in a plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// The line, from its beginning to its end; some hundred points at most.
    pub points: Vec<[f64; 2]>,
    /// The area below it, if that means something.
    #[serde(default)]
    pub area: Option<f64>,
    /// A line to compare it with.
    #[serde(default)]
    pub reference: Option<Reference>,
}

/// A direction of a plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What it measures.
    pub name: String,
    /// Where it begins; where the points do, by default.
    #[serde(default)]
    pub min: Option<f64>,
    /// Where it ends; where the points do, by default.
    #[serde(default)]
    pub max: Option<f64>,
}

/// A line to compare a curve with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// From the lower left to the upper right: what guessing achieves in a ROC curve.
    Diagonal,
}

/// How often which class was taken for which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfusionMatrix {
    /// The classes.
    pub classes: Vec<String>,
    /// A row for each class as it is, in it a number for each class that it was taken for; both in the order of `classes`.
    pub counts: Vec<Vec<u64>>,
    /// From which prediction on a row was taken for the second of two classes.
    #[serde(default)]
    pub threshold: Option<f64>,
}

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a value for each column: a number, a text, a truth value or null.
    pub rows: Vec<Vec<Value>>,
}

/// An object that was written ([`crate::Objects::write`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub object: String,
    /// Its URI.
    pub uri: String,
    /// How many rows it has, if it is a table.
    #[serde(default)]
    pub rows: Option<u64>,
}

/// Anything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Json {
    /// What the engine said.
    pub value: Value,
}

impl Document {
    /// Reads what an engine reported. What has none of the forms is [`Document::Json`], so nothing is lost of an engine
    /// that speaks otherwise, or of a newer one.
    #[must_use]
    pub fn read(value: Value) -> Self {
        Self::deserialize(&value).unwrap_or(Self::Json(Json { value }))
    }
}

macro_rules! document_from {
    ($($form:ident)+) => {$(
        impl From<$form> for Document {
            fn from(form: $form) -> Self {
                Self::$form(form)
            }
        }

        impl From<$form> for Value {
            fn from(form: $form) -> Self {
                Document::$form(form).into()
            }
        }
    )+};
}

document_from!(Counts Scores Curve ConfusionMatrix Table File Json);

impl From<Document> for Value {
    fn from(document: Document) -> Self {
        // Numbers that are not finite become null; nothing else can go wrong.
        serde_json::to_value(document).unwrap_or_default()
    }
}

impl Counts {
    /// By name and number.
    pub fn new<N: Into<String>>(counts: impl IntoIterator<Item = (N, u64)>) -> Self {
        let count = |(name, count): (N, u64)| Count {
            name: name.into(),
            count,
        };
        Self {
            counts: counts.into_iter().map(count).collect(),
        }
    }

    /// The number of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        let found = self.counts.iter().find(|count| count.name == name);
        found.map(|count| count.count)
    }
}

impl Scores {
    /// By name and value.
    pub fn new<N: Into<String>>(scores: impl IntoIterator<Item = (N, Option<f64>)>) -> Self {
        let score = |(name, value): (N, Option<f64>)| Score {
            name: name.into(),
            value: value.filter(|value| value.is_finite()),
        };
        Self {
            part: None,
            rows: None,
            scores: scores.into_iter().map(score).collect(),
        }
    }

    /// The value of a name, if it has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.scores.iter().find(|score| score.name == name)?.value
    }
}

impl File {
    /// By the URI that [`write`](crate::Objects::write) gave, whose end is the object's name.
    pub fn written(uri: impl Into<String>, rows: Option<u64>) -> Self {
        let uri = uri.into();
        let object = uri.rsplit(['/', ':']).next().unwrap_or(&uri).to_owned();
        Self { object, uri, rows }
    }
}

impl Axis {
    /// From 0 to 1.
    pub fn share(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            min: Some(0.0),
            max: Some(1.0),
        }
    }
}

impl Curve {
    /// A ROC curve: rates of false and true positives, from (0, 0) to (1, 1), and the area below it.
    #[must_use]
    pub fn roc(points: Vec<[f64; 2]>, area: Option<f64>) -> Self {
        Self {
            x: Axis::share("false_positive_rate"),
            y: Axis::share("true_positive_rate"),
            points,
            area,
            reference: Some(Reference::Diagonal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_and_what_has_no_form_is_kept_as_it_is() {
        let documents = [
            Document::from(Counts::new([("a", 1)])),
            Scores::new([("auc", Some(0.5)), ("none", None)]).into(),
            Curve::roc(vec![[0.0, 0.0], [1.0, 1.0]], Some(0.5)).into(),
            ConfusionMatrix {
                classes: vec!["no".to_owned(), "yes".to_owned()],
                counts: vec![vec![1, 2], vec![3, 4]],
                threshold: Some(0.5),
            }
            .into(),
            Table {
                columns: vec!["a".to_owned()],
                rows: vec![vec![json!(1)], vec![Value::Null]],
            }
            .into(),
            File {
                object: "a.csv".to_owned(),
                uri: "http://store/bucket/a.csv".to_owned(),
                rows: None,
            }
            .into(),
        ];
        for document in documents {
            assert_eq!(Document::read(document.clone().into()), document);
        }
        for value in [
            json!(7),
            json!({"kind": "of a newer engine", "x": 1}),
            json!({"kind": "counts", "counts": "three"}),
            json!({"auc": 0.5}),
            Value::Null,
        ] {
            let read = Document::read(value.clone());
            assert_eq!(read, Document::Json(Json { value }));
            assert_eq!(Document::read(read.clone().into()), read, "once is enough");
        }
    }

    #[test]
    fn what_a_newer_engine_adds_to_a_form_is_no_harm() {
        let newer =
            json!({"kind": "counts", "counts": [{"name": "a", "count": 1, "unit": "rows"}], "title": "x"});
        assert_eq!(Document::read(newer), Counts::new([("a", 1)]).into());
    }
}
