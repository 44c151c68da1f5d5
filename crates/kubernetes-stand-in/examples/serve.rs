//! A cluster to try the Kubernetes engine on: writes a kubeconfig to the file that the first argument names, and serves until
//! it is ended. Pods run for ten seconds, write a line each second, and succeed.

use kubernetes_stand_in::{Options, Script, StandIn};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let file = std::env::args()
        .nth(1)
        .ok_or_else(|| std::io::Error::other("name a file for the kubeconfig"))?;
    let cluster = StandIn::start(Options::default()).await;
    let script = (1..=10).fold(Script::new(), |script, second| {
        script.log(&format!("second {second}")).wait_ms(1000)
    });
    cluster.pods("", script.exit(0));
    std::fs::write(&file, cluster.kubeconfig())?;
    println!("The cluster is at {}; {file} leads to it.", cluster.url());
    std::future::pending().await
}
