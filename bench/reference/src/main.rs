//! Reads the three columns of the benchmark (int, string, float) with a Rust driver, twice, the second time
//! by the clock.
//!
//! ```text
//! reference neo4rs|neo4j HOST:PORT USER PASSWORD QUERY   prints {"wall": ms, "cpu": ms, "count": n}
//! ```
#![forbid(unsafe_code)]

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;
use std::{env, fs, hint};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let &[client, address, user, password, query] = args.as_slice() else {
        return Err("usage: reference neo4rs|neo4j HOST:PORT USER PASSWORD QUERY".into());
    };
    match client {
        "neo4rs" => read_neo4rs(address, user, password, query).await,
        "neo4j" => read_neo4j(address, user, password, query),
        _ => Err("the drivers are neo4rs and neo4j".into()),
    }
}

async fn read_neo4rs(address: &str, user: &str, password: &str, query: &str) -> Result<(), Failure> {
    let config = neo4rs::ConfigBuilder::default()
        .uri(format!("bolt://{address}"))
        .user(user)
        .password(password)
        .fetch_size(1000)
        .build()?;
    let graph = neo4rs::Graph::connect(config).await?;
    let mut timer = Timer::default();
    for _ in 0..2 {
        timer.start();
        let mut rows = graph.execute(neo4rs::query(query)).await?;
        let mut count = 0_u64;
        while let Some(row) = rows.next().await? {
            let fields: (i64, String, f64) = (row.get("id")?, row.get("name")?, row.get("score")?);
            hint::black_box(fields);
            count += 1;
        }
        timer.stop(count);
    }
    timer.print();
    Ok(())
}

fn read_neo4j(address: &str, user: &str, password: &str, query: &str) -> Result<(), Failure> {
    use neo4j::driver::auth::AuthToken;
    use neo4j::driver::record_stream::RecordStream;
    use neo4j::driver::{ConnectionConfig, Driver, DriverConfig};
    use neo4j::session::SessionConfig;

    let uri = format!("bolt://{address}");
    let connection = ConnectionConfig::try_from(uri.as_str())?;
    let driver = Driver::new(
        connection,
        DriverConfig::new().with_auth(Arc::new(AuthToken::new_basic_auth(user, password))),
    );
    let mut session = driver.session(SessionConfig::new());
    let mut timer = Timer::default();
    for _ in 0..2 {
        timer.start();
        let count = session
            .auto_commit(query)
            .with_receiver(|stream: &mut RecordStream| {
                let mut count = 0_u64;
                for record in stream.by_ref() {
                    hint::black_box(record?);
                    count += 1;
                }
                Ok(count)
            })
            .run()?;
        timer.stop(count);
    }
    timer.print();
    Ok(())
}

#[derive(Default)]
struct Timer {
    started: Option<(Instant, f64)>,
    wall: f64,
    cpu: f64,
    count: u64,
}

impl Timer {
    fn start(&mut self) {
        self.started = Some((Instant::now(), cpu_ms()));
    }

    fn stop(&mut self, count: u64) {
        if let Some((start, cpu)) = self.started.take() {
            self.wall = start.elapsed().as_secs_f64() * 1e3;
            self.cpu = cpu_ms() - cpu;
            self.count = count;
        }
    }

    fn print(&self) {
        println!("{{\"wall\":{:.3},\"cpu\":{:.3},\"count\":{}}}", self.wall, self.cpu, self.count);
    }
}

/// CPU of all threads so far, where the system tells it; else 0.
fn cpu_ms() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanoseconds = threads.flatten().filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e6
}
