//! What a form needs besides the schema: titles, order, and the texts in Chinese.

use serde_json::{Value, json};

/// Where a setting stands in a form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Plain,
    /// Folded away until it is needed.
    Advanced,
}

/// Whether, and how, both sides must agree on a setting; see `x-shared` in the engine guide.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Own,
    Shared,
    /// Each side says who learns from its own point of view.
    Mirrored,
    /// Both have as many entries.
    Count,
    /// Exactly one side sets it.
    OneSide,
}

impl Scope {
    fn hint(self) -> Option<Value> {
        match self {
            Self::Own => None,
            Self::Shared => Some(json!(true)),
            Self::Mirrored => {
                Some(json!({"mirrored": {"only_me": "only_partner", "only_partner": "only_me"}}))
            }
            Self::Count => Some(json!("count")),
            Self::OneSide => Some(json!("one_side")),
        }
    }
}

use Place::{Advanced, Plain};
use Scope::{Count, Mirrored, OneSide, Own, Shared};

/// A setting's key, where it stands, its title in English and in Chinese, and its help in Chinese. The order is that of the
/// form: by need.
type Hint = (
    &'static str,
    Place,
    Scope,
    &'static str,
    &'static str,
    &'static str,
);

/// Of both configs; a config has those that its schema has.
const HINTS: [Hint; 28] = [
    (
        "input",
        Plain,
        Own,
        "Input table",
        "输入表",
        "CSV 表：已附加资源的名称，或 `file:` 加管理员数据目录下的路径。",
    ),
    (
        "id_columns",
        Plain,
        Count,
        "ID columns",
        "ID 列",
        "共同构成 ID 的一列或多列。双方列名可以不同，但顺序必须对应；规范化后按字节比较。",
    ),
    (
        "result",
        Plain,
        Mirrored,
        "Who learns the result",
        "结果获知方",
        "由谁获知交集。对方须从其角度作相同设置。",
    ),
    (
        "id_normalization",
        Plain,
        Shared,
        "Normalization of ids",
        "ID 规范化",
        "比较前对 ID 的处理，双方必须一致。`nfkc`：全角转半角等；`trim`：去除首尾空白；`lower_case`：转为小写；`whole_numbers`：`123.0`、`1.23E+2` 视为 `123`；`leading_zeros`：去除前导零。",
    ),
    (
        "duplicates",
        Advanced,
        Own,
        "Rows with the same id",
        "ID 重复的行",
        "同一 ID 有多行时保留哪一行：`first` 第一行，`last` 最后一行，`refuse` 不保留并使运行失败。",
    ),
    (
        "columns",
        Plain,
        Own,
        "Columns of the output",
        "输出列",
        "写入输出的我方列，按此顺序；不填则为全部列。",
    ),
    (
        "label",
        Plain,
        OneSide,
        "Label column",
        "标签列",
        "要预测的列，只能由一方指定，且必须恰好有两个不同的值。",
    ),
    (
        "positive_label",
        Plain,
        Own,
        "Positive value of the label",
        "标签的正类取值",
        "表示 1 的标签取值；不填则取较大者。",
    ),
    (
        "features",
        Plain,
        Own,
        "Features",
        "特征列",
        "用于训练的我方列。不填则使用除标签、ID 等之外的所有列。",
    ),
    (
        "exclude",
        Plain,
        Own,
        "Columns to leave out",
        "排除的列",
        "从不用于训练的列，例如数字 ID。",
    ),
    (
        "epochs",
        Plain,
        Shared,
        "Epochs",
        "训练轮数",
        "遍历全部行的次数。双方必须一致。",
    ),
    (
        "learning_rate",
        Plain,
        Shared,
        "Learning rate",
        "学习率",
        "每一步的步长。双方必须一致。",
    ),
    (
        "batch_size",
        Plain,
        Shared,
        "Batch size",
        "批大小",
        "每一步使用的行数。双方必须一致。",
    ),
    (
        "validation_fraction",
        Plain,
        Shared,
        "Share of rows for validation",
        "验证集比例",
        "不参与训练、只用于验证模型的行所占比例。双方必须一致。",
    ),
    (
        "unlabelled_rows",
        Advanced,
        Own,
        "Rows without a label",
        "没有标签的行",
        "如何处理没有标签的行，由指定标签的一方设置。`leave_out` 会告知合作方对齐后的哪些行没有标签，因为双方必须排除相同的行。",
    ),
    (
        "split",
        Advanced,
        Own,
        "Choice of the rows for validation",
        "验证行的选取方式",
        "如何选取验证行，由指定标签的一方设置。`stratified` 使标签的每个取值占比相同，并会告知合作方对齐后的哪些行用于验证。",
    ),
    (
        "l2",
        Advanced,
        Shared,
        "L2 regularization",
        "L2 正则化",
        "将权重拉向零的强度。双方必须一致。",
    ),
    (
        "seed",
        Advanced,
        Shared,
        "Random seed",
        "随机种子",
        "决定数据划分和行的顺序。双方必须一致。",
    ),
    (
        "noise_sigma",
        Advanced,
        Own,
        "Noise on sent values",
        "发送值的噪声",
        "加到我方发送的每个数值上的高斯噪声的标准差。0 表示不加。",
    ),
    (
        "max_categories",
        Advanced,
        Own,
        "Most categories of a text column",
        "文本列的最大类别数",
        "不同取值不超过此数的文本列会参与训练，每个取值作为一个特征。0 表示不使用文本列。",
    ),
    (
        "id_column",
        Advanced,
        Own,
        "Column that names the rows",
        "行标识列",
        "在给您的提示中标识各行的列，从不用于训练。不填则使用求交时的 ID 列，或名为 `id` 的列（如有）。",
    ),
    (
        "missing",
        Advanced,
        Own,
        "Missing-value markers",
        "缺失值标记",
        "表示缺失值的文本，不区分大小写。空字段始终视为缺失。",
    ),
    (
        "decimal",
        Advanced,
        Own,
        "Decimal mark",
        "小数点符号",
        "小数部分之前的符号。`auto` 根据前几行自动识别。",
    ),
    (
        "delimiter",
        Advanced,
        Own,
        "Delimiter",
        "分隔符",
        "字段之间的字符，`\\t` 表示制表符。`auto` 根据前几行自动识别。",
    ),
    (
        "encoding",
        Advanced,
        Own,
        "Text encoding",
        "文本编码",
        "例如 `utf-8`、`utf-16le`、`gb18030` 或 `windows-1252`。`auto` 根据文件开头自动识别。",
    ),
    (
        "has_header",
        Advanced,
        Own,
        "First line names the columns",
        "首行为列名",
        "首行是否为列名。没有列名时，各列依次命名为 1、2、3……",
    ),
    (
        "source_lines",
        Advanced,
        Own,
        "Lines of the own file in the output",
        "输出中包含原文件行号",
        "是否在输出末尾增加 `efls_source_line` 列，记录各行来自您的文件的第几行。给您的提示会引用它；它不会用于学习，合作方也看不到。",
    ),
    (
        "output",
        Advanced,
        Own,
        "Name of the output",
        "输出名称",
        "输出对象的名称；不填则由任务名称和 ID 生成。不会覆盖由其他任务或操作员写入的同名对象。",
    ),
];

/// The name of a type of choices in the schema, a choice, and its title in English and in Chinese.
type Choice = (&'static str, &'static str, &'static str, &'static str);

const CHOICES: [Choice; 18] = [
    ("UnlabelledRule", "refuse", "Fail the run", "运行失败"),
    (
        "UnlabelledRule",
        "leave_out",
        "Leave them out on both sides",
        "双方均排除这些行",
    ),
    ("SplitRule", "random", "At random", "随机"),
    (
        "SplitRule",
        "stratified",
        "At random, by the label (stratified)",
        "按标签分层随机",
    ),
    ("ResultMode", "both", "Both sides", "双方"),
    ("ResultMode", "only_me", "Only our side", "仅我方"),
    ("ResultMode", "only_partner", "Only the partner", "仅合作方"),
    ("DuplicateRule", "first", "Keep the first one", "保留第一行"),
    ("DuplicateRule", "last", "Keep the last one", "保留最后一行"),
    ("DuplicateRule", "refuse", "Fail the run", "运行失败"),
    ("DecimalSetting", "auto", "Detect", "自动识别"),
    ("DecimalSetting", ".", "Point: 1,234.5", "点：1,234.5"),
    ("DecimalSetting", ",", "Comma: 1.234,5", "逗号：1.234,5"),
    (
        "IdRule",
        "nfkc",
        "Compatible characters alike (NFKC)",
        "统一全角和半角等兼容字符（NFKC）",
    ),
    ("IdRule", "trim", "Without spaces at the ends", "去除首尾空白"),
    ("IdRule", "lower_case", "Lower case", "转为小写"),
    (
        "IdRule",
        "whole_numbers",
        "Whole numbers: 123.0 as 123",
        "整数：123.0 视为 123",
    ),
    ("IdRule", "leading_zeros", "Without leading zeros", "去除前导零"),
];

/// Names the choices of a schema's types.
fn name_choices(schema: &mut Value) {
    for (of, choice, title, title_zh) in CHOICES {
        let choices = schema.pointer_mut(&format!("/$defs/{of}/oneOf"));
        let choices = choices.and_then(Value::as_array_mut).into_iter().flatten();
        for option in choices.filter(|option| option["const"] == choice) {
            option["title"] = json!(title);
            option["x-i18n"] = json!({"zh": {"title": title_zh}});
        }
    }
}

/// Adds the hints to the settings of a schema.
pub(super) fn add(schema: &mut Value) {
    name_choices(schema);
    let Some(Value::Object(settings)) = schema.get_mut("properties") else {
        return;
    };
    for (order, (key, place, scope, title, title_zh, help_zh)) in HINTS.iter().enumerate() {
        let Some(Value::Object(setting)) = settings.get_mut(*key) else {
            continue;
        };
        setting.insert("title".to_owned(), json!(title));
        setting.insert(
            "x-i18n".to_owned(),
            json!({"zh": {"title": title_zh, "description": help_zh}}),
        );
        setting.insert("x-order".to_owned(), json!((order + 1) * 10));
        if *place == Advanced {
            setting.insert("x-advanced".to_owned(), json!(true));
        }
        if let Some(hint) = scope.hint() {
            setting.insert("x-shared".to_owned(), hint);
        }
    }
}
