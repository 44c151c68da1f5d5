//! Trainings of the TRAIN image.

use super::{Form, Setting};

/// A training of the TRAIN image.
pub(in crate::config::schema) const TRAIN: &[Setting] = &[
    Setting::new(
        "appid",
        Form::Text,
        ("Application", "应用 ID"),
        (
            "Names the pods and the host names by which the partner reaches them: a-z, 0-9 and -.",
            "用于命名 Pod 以及合作方访问的主机名：a-z、0-9 和 -。",
        ),
    )
    .needed(),
    Setting::new(
        "federal_role",
        Form::Words(&["leader", "follower"]),
        ("Role", "角色"),
        (
            "One side leads, the other one follows.",
            "一方为 leader，另一方为 follower。",
        ),
    )
    .mirrored("leader", "follower"),
    Setting::new(
        "docker_image",
        Form::Text,
        ("Image", "镜像"),
        ("An image that the cluster allows.", "集群允许使用的镜像。"),
    )
    .needed(),
    Setting::new(
        "code_dir",
        Form::Text,
        ("Code folder", "代码目录"),
        ("Where the image finds the code.", "镜像中的代码目录。"),
    )
    .needed(),
    Setting::new(
        "script",
        Form::Text,
        ("Script", "脚本"),
        (
            "The script of the training, below the code folder.",
            "训练脚本，位于代码目录下。",
        ),
    )
    .needed(),
    Setting::new(
        "zk_addr",
        Form::Text,
        ("ZooKeeper address", "ZooKeeper 地址"),
        ("zfs://host:port/path", "zfs://主机:端口/路径"),
    )
    .needed(),
    Setting::new(
        "peer_addr",
        Form::Text,
        ("Partner's address", "合作方地址"),
        (
            "Where the partner's workers are reached.",
            "合作方 worker 的访问地址。",
        ),
    ),
    Setting::new(
        "target_hostname",
        Form::Text,
        ("Partner's domain", "合作方域名"),
        ("The domain of the partner's workers.", "合作方 worker 的域名。"),
    ),
    Setting::new(
        "cert_file_path",
        Form::Text,
        ("Partner's certificate", "合作方证书"),
        ("A path in the image or on a volume.", "镜像内或存储卷上的路径。"),
    ),
    Setting::new(
        "worker",
        Form::TrainRole,
        ("Workers", "Worker"),
        (
            "How many there are, and what each may use.",
            "数量及每个可用的资源。",
        ),
    )
    .needed(),
    Setting::new(
        "ps",
        Form::TrainRole,
        ("Parameter servers", "参数服务器"),
        (
            "How many there are, and what each may use.",
            "数量及每个可用的资源。",
        ),
    )
    .needed(),
    Setting::new(
        "train_config",
        Form::Json,
        ("Settings of the training", "训练配置"),
        ("Given to the script as JSON.", "以 JSON 传给脚本。"),
    ),
    Setting::new(
        "model_dir",
        Form::Text,
        ("Model folder", "模型目录"),
        ("Where the model is written.", "模型的写入位置。"),
    )
    .or("/"),
    Setting::new(
        "peer_appid",
        Form::Text,
        ("Partner's application", "合作方应用 ID"),
        ("The same as ours when not given.", "不填则与本方相同。"),
    )
    .advanced(),
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
        "use_docker_secret",
        Form::Flag,
        ("Use the pull secret", "使用镜像拉取密钥"),
        ("Yes when not given.", "不填则为是。"),
    )
    .advanced(),
    Setting::new(
        "volume_mount",
        Form::Flag,
        ("Mount the volume /data", "挂载 /data 存储卷"),
        ("Yes when not given.", "不填则为是。"),
    )
    .advanced(),
    Setting::new(
        "ingress_cert_name",
        Form::Text,
        ("Certificate secret", "证书密钥"),
        (
            "The secret with the certificate of our workers' host names.",
            "包含本方 worker 主机名证书的密钥。",
        ),
    )
    .or("efl-trainer")
    .advanced(),
    Setting::new(
        "debug_mode",
        Form::Text,
        ("Debug", "调试模式"),
        ("Anything: the log has more lines.", "填任意值：输出更多日志。"),
    )
    .advanced(),
    Setting::new(
        "debug_test",
        Form::Text,
        ("Only print the environment", "仅打印环境"),
        ("Anything: nothing is trained.", "填任意值：不进行训练。"),
    )
    .advanced(),
];

/// A role of a training.
pub(in crate::config::schema) const TRAIN_ROLE: &[Setting] = &[
    Setting::new(
        "instance_num",
        Form::Whole,
        ("Number", "数量"),
        ("How many pods.", "Pod 的数量。"),
    )
    .or("1"),
    Setting::new(
        "core",
        Form::Whole,
        ("Cores", "CPU 核数"),
        ("Processor cores of each.", "每个 Pod 的 CPU 核数。"),
    )
    .needed(),
    Setting::new(
        "memory",
        Form::Whole,
        ("Memory (MiB)", "内存（MiB）"),
        ("Memory of each.", "每个 Pod 的内存。"),
    )
    .needed(),
];
