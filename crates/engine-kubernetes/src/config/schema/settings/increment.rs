//! Feature increments of the SAMPLE image.

use super::{Form, Setting};

/// A feature increment of the SAMPLE image.
pub(in crate::config::schema) const INCREMENT: &[Setting] = &[
    Setting::new(
        "job_name",
        Form::Text,
        ("Job name", "任务名称"),
        (
            "The name of the job: a-z, 0-9 and -.",
            "任务名称：a-z、0-9 和 -。",
        ),
    )
    .needed(),
    Setting::new(
        "docker_image",
        Form::Text,
        ("Image", "镜像"),
        ("An image that the cluster allows.", "集群允许使用的镜像。"),
    )
    .needed(),
    Setting::new(
        "input_path",
        Form::Text,
        ("Input path", "输入路径"),
        ("Where the image reads.", "镜像读取数据的位置。"),
    )
    .needed(),
    Setting::new(
        "output_path",
        Form::Text,
        ("Output path", "输出路径"),
        ("Where the image writes.", "镜像写入数据的位置。"),
    )
    .needed(),
    Setting::new(
        "split_num",
        Form::Whole,
        ("Parts", "分片数"),
        ("Into how many parts the work is divided.", "工作的分片数量。"),
    )
    .needed(),
    Setting::new(
        "worker_num",
        Form::Whole,
        ("Workers", "工作进程数"),
        ("How many pods share the work.", "共同工作的 Pod 数量。"),
    )
    .needed(),
    Setting::new(
        "left_key",
        Form::Texts,
        ("Keys of the input", "输入表的键"),
        (
            "For each further table: the column of the input.",
            "每个附加表对应的输入列。",
        ),
    )
    .needed(),
    Setting::new(
        "right_key",
        Form::Texts,
        ("Keys of the further tables", "附加表的键"),
        ("For each further table: its own column.", "每个附加表自身的列。"),
    )
    .needed(),
    Setting::new(
        "aux_table",
        Form::Texts,
        ("Further tables", "附加表"),
        (
            "Paths of the tables whose columns are added.",
            "提供新增列的表的路径。",
        ),
    )
    .needed(),
    Setting::new(
        "docker_secret",
        Form::Text,
        ("Pull secret", "镜像拉取密钥"),
        (
            "A secret that the cluster's settings list; its first one when not given.",
            "集群设置中列出的密钥；不填则使用第一个。",
        ),
    )
    .advanced(),
    Setting::new(
        "timeout_s",
        Form::Whole,
        ("Time limit of a part (s)", "单个分片时限（秒）"),
        ("How long one part may take.", "单个分片允许的时长。"),
    )
    .advanced(),
];
