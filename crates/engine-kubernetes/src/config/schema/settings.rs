//! The settings of each kind of config, in the order of the form.

use super::Form;

/// A setting.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) form: Form,
    /// In English and in Chinese.
    pub(super) title: (&'static str, &'static str),
    pub(super) help: (&'static str, &'static str),
    pub(super) needed: bool,
    /// Empty for none.
    pub(super) default: &'static str,
    pub(super) shared: Shared,
    pub(super) advanced: bool,
}

/// Whether both sides must agree on a setting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    No,
    Equal,
    /// Each side says one of the two words.
    Mirrored(&'static str, &'static str),
}

impl Setting {
    const fn new(
        key: &'static str,
        form: Form,
        title: (&'static str, &'static str),
        help: (&'static str, &'static str),
    ) -> Self {
        Self {
            key,
            form,
            title,
            help,
            needed: false,
            default: "",
            shared: Shared::No,
            advanced: false,
        }
    }

    const fn needed(mut self) -> Self {
        self.needed = true;
        self
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    const fn shared(mut self) -> Self {
        self.shared = Shared::Equal;
        self
    }

    const fn mirrored(mut self, one: &'static str, other: &'static str) -> Self {
        self.shared = Shared::Mirrored(one, other);
        self
    }

    const fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }
}

/// A join of the SAMPLE image.
pub(super) const JOIN: &[Setting] = &[
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

/// A feature increment of the SAMPLE image.
pub(super) const INCREMENT: &[Setting] = &[
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

/// A training of the TRAIN image.
pub(super) const TRAIN: &[Setting] = &[
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
pub(super) const TRAIN_ROLE: &[Setting] = &[
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

/// A job of any image.
pub(super) const GENERIC: &[Setting] = &[
    Setting::new("docker_image", Form::Text, ("Image", "镜像"), ("An image that the cluster allows.", "集群允许使用的镜像。")).needed(),
    Setting::new("roles", Form::Roles, ("Roles", "角色"), ("What the pods do. Each pod gets EFLS_ROLE, EFLS_REPLICAS, JOB_COMPLETION_INDEX and, for each role with a port, EFLS_ADDRESSES_<ROLE>.", "各角色的 Pod。每个 Pod 都有 EFLS_ROLE、EFLS_REPLICAS、JOB_COMPLETION_INDEX，以及每个有端口的角色对应的 EFLS_ADDRESSES_<角色>。")).needed(),
    Setting::new("volumes", Form::Texts, ("Volumes", "存储卷"), ("Names of volumes of the cluster's settings.", "集群设置中存储卷的名称。")),
    Setting::new("docker_secret", Form::Text, ("Pull secret", "镜像拉取密钥"), ("A secret that the cluster's settings list; its first one when not given.", "集群设置中列出的密钥；不填则使用第一个。")).advanced(),
    Setting::new("ingress_cert_name", Form::Text, ("Certificate secret", "证书密钥"), ("A secret that the cluster's settings list, for the host names.", "集群设置中列出的证书密钥，用于对外主机名。")).advanced(),
];

/// A role of a generic job.
pub(super) const ROLE: &[Setting] = &[
    Setting::new(
        "name",
        Form::Text,
        ("Name", "名称"),
        (
            "A short word such as worker: a-z, 0-9 and -.",
            "简短的名称，如 worker：a-z、0-9 和 -。",
        ),
    )
    .needed(),
    Setting::new(
        "replicas",
        Form::Whole,
        ("Pods", "Pod 数量"),
        ("How many.", "数量。"),
    )
    .or("1"),
    Setting::new(
        "command",
        Form::Texts,
        ("Command", "命令"),
        (
            "The program and its first arguments; the image's own when not given. No shell reads it.",
            "程序及其参数；不填则使用镜像自带命令。不经过 shell。",
        ),
    ),
    Setting::new(
        "args",
        Form::Texts,
        ("Arguments", "参数"),
        ("Arguments behind the command.", "命令之后的参数。"),
    ),
    Setting::new(
        "env",
        Form::Variables,
        ("Environment", "环境变量"),
        ("Variables by name.", "按名称给出的变量。"),
    ),
    Setting::new(
        "core",
        Form::Whole,
        ("Cores", "CPU 核数"),
        ("Processor cores of each pod.", "每个 Pod 的 CPU 核数。"),
    )
    .needed(),
    Setting::new(
        "memory",
        Form::Whole,
        ("Memory (MiB)", "内存（MiB）"),
        ("Memory of each pod.", "每个 Pod 的内存。"),
    )
    .needed(),
    Setting::new(
        "port",
        Form::Whole,
        ("Port", "端口"),
        (
            "The port at which pods of all roles reach these.",
            "所有角色的 Pod 访问该角色的端口。",
        ),
    ),
    Setting::new(
        "host_name",
        Form::Text,
        ("Host name for the partner", "对外主机名"),
        (
            "The pods are reached from outside as <this>-<number>.<domain of the cluster>.",
            "外部通过 <此名称>-<编号>.<集群域名> 访问。",
        ),
    ),
    Setting::new(
        "serves",
        Form::Flag,
        ("Serves until the others end", "常驻服务"),
        (
            "Yes for a role that never ends by itself, such as a parameter server.",
            "对不会自行结束的角色（如参数服务器）选是。",
        ),
    ),
    Setting::new(
        "retries",
        Form::Whole,
        ("Replaced pods", "失败重试次数"),
        (
            "How many failed pods are replaced within one attempt.",
            "单次尝试中失败 Pod 的替换次数。",
        ),
    )
    .or("0"),
];
