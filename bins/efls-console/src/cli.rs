//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; one line on the error output says why and what to do
  2  the command line is wrong
  3  the configuration is wrong; every problem is listed
  4  the database is one of the original efls-console, and was not adopted or not completely
  5  the schema of the database needs a newer efls-console

Settings come from config/default.toml, config/$ENV.toml, the environment (EFLS_SECTION__KEY) and flags;
`efls-console config show` lists them all. Logs go to the error output, results to the standard output.";

/// A console for federated learning between two organisations of equal rank.
#[derive(Debug, Parser)]
#[command(name = "efls-console", version, after_help = EXIT_CODES, propagate_version = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print results, and the reason of a failure, as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Folder of the configuration files [default: config, or EFLS_CONFIG_DIR].
    #[arg(long, global = true, value_name = "DIR")]
    pub config_dir: Option<PathBuf>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the console until Ctrl-C or SIGTERM.
    Serve(Serve),
    /// Ask the console that runs on this machine with this configuration whether it can work.
    Health(Health),
    /// Collect, for somebody who helps, what is known of the console: settings, schema, counts, states. Without secrets.
    Diagnose(Diagnose),
    /// Bring the schema of the database up to date.
    Migrate,
    /// Take a database of the original efls-console over, in place. Prints what was found, and asks before it writes.
    Adopt(Adopt),
    /// Accounts, on the machine that has the database.
    #[command(subcommand)]
    User(User),
    /// Partners, on the machine that has the database.
    #[command(subcommand)]
    Partner(Partner),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Print the description of the operator API (OpenAPI 3.1).
    Openapi,
    /// Two consoles on this machine pair, join two data sets and train a model.
    Demo(Demo),
}

/// `serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen on.
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<String>,
    /// Port to listen on; 0 takes a free one.
    #[arg(long)]
    pub port: Option<u16>,
    /// Prefix of every path, for example /host.
    #[arg(long, value_name = "PATH")]
    pub base_path: Option<String>,
    /// Our address as partners and browsers reach it.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// End when the standard input is closed: the program that started this one has ended.
    #[arg(long, hide = true)]
    pub until_stdin_closes: bool,
}

/// `health`
#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Only ask whether the process answers, not whether its database, store and background work do.
    #[arg(long)]
    pub live: bool,
}

/// `diagnose`
#[derive(Debug, Args)]
pub(crate) struct Diagnose {
    /// Write to a file instead of the standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `adopt`
#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// Print what would be done and every row that needs attention, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Adopt without asking.
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Zone of the times in the database, such as Asia/Shanghai or +08:00 [default: this machine's].
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub time_zone: Option<adoption::Zone>,
    /// The address of a project's partner, where the one in the database is not right; may be repeated.
    #[arg(long, value_name = "PROJECT_ID=ADDRESS", value_parser = pair)]
    pub assign: Vec<(String, String)>,
    /// How the partner at an address is called here [default: its address]; may be repeated.
    #[arg(long, value_name = "ADDRESS=NAME", value_parser = pair)]
    pub partner_name: Vec<(String, String)>,
    /// Suspend every partner, since none signs its calls, until an administrator resumes it.
    #[arg(long)]
    pub suspend_partners: bool,
    /// The cluster that a kubeconfig file in the configs of tasks (k8s_config) means; may be repeated.
    #[arg(long, value_name = "FILE=CLUSTER", value_parser = pair)]
    pub cluster: Vec<(String, String)>,
}

/// Two texts with a `=` between them, of which there may be more in the first: addresses have them, names do not.
fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.rsplit_once('=').ok_or("there is no `=` in it")?;
    if key.is_empty() || value.is_empty() {
        return Err("something is missing before or behind the `=`".to_owned());
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// `user …`
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make an account. The password is read from EFLS_PASSWORD, or asked for, or read from the standard input.
    Create {
        /// The name to sign in with.
        name: String,
        /// The role.
        #[arg(long, value_enum, default_value_t = Role::Default)]
        role: Role,
        /// An account of role default may neither make and change tasks nor start and stop runs.
        #[arg(long)]
        read_only: bool,
    },
    /// Give an account a new password, read as for `create`, and end its sessions.
    ResetPassword {
        /// The name of the account.
        name: String,
    },
}

/// The role of an account.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Role {
    /// May do everything.
    Root,
    /// Manages partners, projects and users of role default.
    Admin,
    /// Makes and changes tasks, and starts and stops runs, unless it is --read-only.
    Default,
}

/// `partner …`
#[derive(Debug, Subcommand)]
pub(crate) enum Partner {
    /// Make a one-time invitation, and print its code for the other side's administrator.
    Invite {
        /// A remark.
        #[arg(long)]
        comment: Option<String>,
    },
    /// Accept an invitation from the other side.
    Accept {
        /// The code; `-` reads it from the standard input.
        code: String,
        /// How the partner is called here [default: as it calls itself].
        #[arg(long)]
        name: Option<String>,
    },
    /// List the partners with their fingerprints.
    List,
    /// Confirm that the other side's operators see the same fingerprint, after comparing them by telephone.
    Confirm {
        /// How the partner is called here.
        name: String,
        /// The fingerprint that the other side calls its own.
        fingerprint: String,
    },
    /// Give a project to another partner, which knows it by the same id: after an adoption, or when a partner has moved from the
    /// original console to this one and was paired anew.
    Assign {
        /// The id of the project.
        project: String,
        /// How the partner is called here.
        partner: String,
    },
    /// Add a partner that runs the original console, which cannot sign its calls.
    Add {
        /// How the partner is called here.
        name: String,
        /// Its address, exactly as that console names itself.
        address: String,
        /// Confirm that calls in this partner's name are accepted without a signature.
        #[arg(long)]
        accept_unsigned: bool,
    },
}

/// `config …`
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Report every problem of the configuration at once.
    Check,
    /// Print every setting and where it comes from, without secrets.
    Show,
}

/// `demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder that holds everything the two consoles store.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    pub dir: PathBuf,
    /// End after the training instead of serving until Ctrl-C.
    #[arg(long)]
    pub once: bool,
    /// The host's table (CSV with a header) instead of the sample.
    #[arg(long, value_name = "FILE", requires_all = ["peer_data", "id", "label"])]
    pub host_data: Option<PathBuf>,
    /// The peer's table.
    #[arg(long, value_name = "FILE", requires_all = ["host_data", "id", "label"])]
    pub peer_data: Option<PathBuf>,
    /// The column that holds the id, in both tables.
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// The column to be predicted, in one of the tables.
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// Port of the host's console.
    #[arg(long, default_value_t = 5000)]
    pub host_port: u16,
    /// Port of the peer's console.
    #[arg(long, default_value_t = 5001)]
    pub peer_port: u16,
}
