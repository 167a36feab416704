//! y-sweet-server PORT FOLDER: serves documents on 127.0.0.1 and stores them in the folder, with
//! y-sweet's own default of a checkpoint each 10 s.
use std::{env, path::PathBuf, time::Duration};
use tokio_util::sync::CancellationToken;
use y_sweet::{server::Server, stores::filesystem::FileSystemStore};
use y_sweet_core::store::Store;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = env::args().collect();
    anyhow::ensure!(args.len() == 3, "usage: y-sweet-server PORT FOLDER");
    let store: Box<dyn Store> = Box::new(FileSystemStore::new(PathBuf::from(&args[2]))?);
    store.init().await?;
    let end = CancellationToken::new();
    let server = Server::new(
        Some(store),
        Duration::from_secs(10),
        None,
        None,
        end.clone(),
        true,
        None,
    )
    .await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", args[1].parse()?)).await?;
    let serving = tokio::spawn(async move { server.serve(listener, true).await });
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    terminate.recv().await;
    end.cancel(); // stores what is not stored yet
    serving.await??;
    Ok(())
}
