//! Jobs of any image.

use super::{Form, Setting};

/// A job of any image.
pub(in crate::config::schema) const GENERIC: &[Setting] = &[
    Setting::new("docker_image", Form::Text, ("Image", "镜像"), ("An image that the cluster allows.", "集群允许使用的镜像。")).needed(),
    Setting::new("roles", Form::Roles, ("Roles", "角色"), ("What the pods do. Each pod gets EFLS_ROLE, EFLS_REPLICAS, JOB_COMPLETION_INDEX and, for each role with a port, EFLS_ADDRESSES_<ROLE>.", "各角色的 Pod。每个 Pod 都有 EFLS_ROLE、EFLS_REPLICAS、JOB_COMPLETION_INDEX，以及每个有端口的角色对应的 EFLS_ADDRESSES_<角色>。")).needed(),
    Setting::new("volumes", Form::Texts, ("Volumes", "存储卷"), ("Names of volumes of the cluster's settings.", "集群设置中存储卷的名称。")),
    Setting::new("docker_secret", Form::Text, ("Pull secret", "镜像拉取密钥"), ("A secret that the cluster's settings list; its first one when not given.", "集群设置中列出的密钥；不填则使用第一个。")).advanced(),
    Setting::new("ingress_cert_name", Form::Text, ("Certificate secret", "证书密钥"), ("A secret that the cluster's settings list, for the host names.", "集群设置中列出的证书密钥，用于对外主机名。")).advanced(),
];

/// A role of a generic job.
pub(in crate::config::schema) const ROLE: &[Setting] = &[
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
