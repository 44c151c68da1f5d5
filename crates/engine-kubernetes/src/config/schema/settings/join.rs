//! Joins of the SAMPLE image.

use super::{Form, Setting};

/// A join of the SAMPLE image.
pub(in crate::config::schema) const JOIN: &[Setting] = &[
    Setting::new(
        "job_name",
        Form::Text,
        ("Job name", "任务名称"),
        (
            "The name of the job on both sides: a-z, 0-9 and -.",
            "双方使用的任务名称：a-z、0-9 和 -。",
        ),
    )
    .needed()
    .shared(),
    Setting::new(
        "is_server",
        Form::Flag,
        ("This side is the server", "本方为服务端"),
        (
            "One side is the server, the other one the client.",
            "一方为服务端，另一方为客户端。",
        ),
    )
    .needed()
    .mirrored("true", "false"),
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
        "hash_col_name",
        Form::Text,
        ("ID column", "ID 列"),
        ("The column by which rows are joined.", "用于求交的列。"),
    )
    .needed(),
    Setting::new(
        "sort_col_name",
        Form::Text,
        ("Sort column", "排序列"),
        ("The column by which rows are sorted.", "用于排序的列。"),
    )
    .needed(),
    Setting::new(
        "flink_claster",
        Form::Text,
        ("Flink cluster", "Flink 集群"),
        ("The id of the Flink session cluster.", "Flink 会话集群的 ID。"),
    )
    .needed(),
    Setting::new(
        "ingress_ip",
        Form::Text,
        ("Server's ingress address", "服务端入口地址"),
        (
            "For the client: the address of the server's ingress.",
            "客户端填写：服务端入口的地址。",
        ),
    ),
    Setting::new(
        "port",
        Form::Whole,
        ("Server's port", "服务端端口"),
        (
            "For the client: the port of the server's ingress.",
            "客户端填写：服务端入口的端口。",
        ),
    ),
    Setting::new(
        "host",
        Form::Text,
        ("Server's host", "服务端主机名"),
        (
            "For the client: the host name of the server.",
            "客户端填写：服务端的主机名。",
        ),
    ),
    Setting::new(
        "tls_path",
        Form::Text,
        ("Certificate", "证书"),
        (
            "For the client: the certificate of the server, in the image.",
            "客户端填写：镜像中服务端证书的路径。",
        ),
    )
    .or("/xfl/deploy/quickstart/tls.crt")
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
        "bucket_num",
        Form::Whole,
        ("Buckets", "分桶数"),
        ("Into how many parts ids are divided.", "ID 的分桶数量。"),
    )
    .or("8")
    .shared()
    .advanced(),
    Setting::new(
        "run_mode",
        Form::Text,
        ("Run mode", "运行模式"),
        ("How the image runs.", "镜像的运行方式。"),
    )
    .or("k8s")
    .advanced(),
    Setting::new(
        "batch_size",
        Form::Whole,
        ("Batch size", "批大小"),
        ("Rows of one message.", "每条消息的行数。"),
    )
    .or("10240")
    .advanced(),
    Setting::new(
        "file_part_size",
        Form::Whole,
        ("Rows of a file", "单个文件行数"),
        ("Rows of one output file.", "每个输出文件的行数。"),
    )
    .or("65536")
    .shared()
    .advanced(),
    Setting::new(
        "wait_s",
        Form::Whole,
        ("Wait for the partner (s)", "等待合作方（秒）"),
        (
            "How long the image waits for the other side.",
            "镜像等待对方的时间。",
        ),
    )
    .or("18000")
    .advanced(),
    Setting::new(
        "use_psi",
        Form::Text,
        ("Private set intersection", "隐私求交"),
        (
            "Whether ids are encrypted before they are compared.",
            "比较前是否对 ID 加密。",
        ),
    )
    .shared()
    .advanced(),
    Setting::new(
        "psi_type",
        Form::Text,
        ("Kind of private set intersection", "隐私求交类型"),
        ("A word of the image.", "由镜像定义。"),
    )
    .shared()
    .advanced(),
    Setting::new(
        "rsa_pub_path",
        Form::Text,
        ("Public key", "公钥路径"),
        ("A path in the image or on a volume.", "镜像内或存储卷上的路径。"),
    )
    .advanced(),
    Setting::new(
        "rsa_pri_path",
        Form::Text,
        ("Private key", "私钥路径"),
        ("A path in the image or on a volume.", "镜像内或存储卷上的路径。"),
    )
    .advanced(),
    Setting::new(
        "need_sort",
        Form::Text,
        ("Sort the output", "输出排序"),
        ("A word of the image.", "由镜像定义。"),
    )
    .advanced(),
    Setting::new(
        "inputfile_type",
        Form::Text,
        ("Kind of input files", "输入文件类型"),
        ("A word of the image.", "由镜像定义。"),
    )
    .advanced(),
    Setting::new(
        "loaddata_parallelism",
        Form::Whole,
        ("Readers", "读取并行度"),
        ("How many readers there are.", "读取数据的并行数。"),
    )
    .advanced(),
    Setting::new(
        "client2multiserver",
        Form::Whole,
        ("Servers of a client", "客户端连接的服务端数"),
        (
            "How many servers a client talks to.",
            "一个客户端连接的服务端数量。",
        ),
    )
    .advanced(),
    Setting::new(
        "sample_store_type",
        Form::Text,
        ("Sample store", "样本存储"),
        ("A word of the image.", "由镜像定义。"),
    )
    .advanced(),
    Setting::new(
        "db_root_path",
        Form::Text,
        ("Database folder", "数据库目录"),
        ("A path in the image or on a volume.", "镜像内或存储卷上的路径。"),
    )
    .advanced(),
];
