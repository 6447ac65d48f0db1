//! Sign-ins under attack: many clients at one address try unknown user names, while an employee at another address
//! signs in. Shows the memory of the server before and after, and how long the employee waited (B2).

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use uuid::Uuid;

type Failed = Box<dyn StdError + Send + Sync>;

/// The addresses of this machine for the attacking clients and for the employee.
const CROWD: Ipv4Addr = Ipv4Addr::LOCALHOST;
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// The time between two sign-ins of the employee.
const EVERY: Duration = Duration::from_millis(250);

/// A running server, such as a demonstration's, and one of its accounts.
#[derive(Debug, Clone)]
pub struct Target {
    /// The address on this machine on which it listens.
    pub address: SocketAddr,
    /// The id of its process.
    pub pid: u32,
    /// The user name and the pass phrase of the account.
    pub account: (String, String),
}

/// Tries `tries` names on `connections` at the same time.
pub async fn measure(target: Target, tries: usize, connections: usize) -> Result<(), Failed> {
    let cold = memory(target.pid)?;
    sign_in(&mut connect(OTHER, target.address).await?, &target.account.0, &target.account.1)
        .await?;
    // At work: a hashing worker has its buffer, and the program's pages for this are in memory.
    let before = memory(target.pid)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let right = tokio::spawn(right_ones(target.clone(), Arc::clone(&is_over)));
    let began = Instant::now();
    let mut crowd = JoinSet::new();
    for number in 0..connections {
        let own = tries / connections + usize::from(number < tries % connections);
        crowd.spawn(wrong_ones(target.address, own));
    }
    let mut statuses = BTreeMap::new();
    while let Some(own) = crowd.join_next().await {
        for status in own?? {
            *statuses.entry(status).or_insert(0_usize) += 1;
        }
    }
    let took = began.elapsed();
    is_over.store(true, Ordering::Relaxed);
    let (mut waits, refused) = right.await??;
    waits.sort_unstable();
    let at = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
    let after = memory(target.pid)?;
    println!("{tries} wrong sign-ins on {connections} connections in {took:.1?}: {statuses:?}");
    println!(
        "right ones elsewhere: {} answered, {refused} refused; median {:.1?}, longest {:.1?}",
        waits.len(),
        at(50),
        waits.last().copied().unwrap_or_default()
    );
    for (when, [resident, own]) in
        [("cold", cold), ("after one sign-in", before), ("after all", after)]
    {
        println!("memory {when}: {resident} KiB, of which {own} KiB not of files");
    }
    Ok(())
}

async fn wrong_ones(address: SocketAddr, tries: usize) -> Result<Vec<u16>, Failed> {
    let mut stream = connect(CROWD, address).await?;
    let mut statuses = Vec::with_capacity(tries);
    for _ in 0..tries {
        statuses.push(sign_in(&mut stream, &Uuid::now_v7().to_string(), "wrong").await?);
    }
    Ok(statuses)
}

/// The duration of each attempt, and the number of refusals.
async fn right_ones(
    target: Target,
    is_over: Arc<AtomicBool>,
) -> Result<(Vec<Duration>, usize), Failed> {
    let mut stream = connect(OTHER, target.address).await?;
    let (mut waits, mut refused) = (Vec::new(), 0);
    while !is_over.load(Ordering::Relaxed) {
        tokio::time::sleep(EVERY).await;
        let began = Instant::now();
        match sign_in(&mut stream, &target.account.0, &target.account.1).await? {
            201 => waits.push(began.elapsed()),
            _ => refused += 1,
        }
    }
    Ok((waits, refused))
}

async fn connect(from: Ipv4Addr, to: SocketAddr) -> Result<TcpStream, Failed> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The status of one attempt.
async fn sign_in(stream: &mut TcpStream, username: &str, password: &str) -> Result<u16, Failed> {
    let body = serde_json::json!({ "username": username, "password": password }).to_string();
    let length = body.len();
    let request = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(4 * 1024);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err("the server hung up".into());
        }
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(answer.get(..head).unwrap_or_default()).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.ok_or("no content-length")?.trim().parse()?;
        while answer.len() < head + 4 + length {
            if stream.read_buf(&mut answer).await? == 0 {
                return Err("the server hung up".into());
            }
        }
        return Ok(text.split(' ').nth(1).ok_or("no status")?.parse()?);
    }
}

/// The memory of a process that is in RAM, and the part of it that is no page of a file, in `KiB`.
fn memory(pid: u32) -> Result<[u64; 2], Failed> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok::<u64, Failed>(number.ok_or("no such line")?.parse()?)
    };
    Ok([number("VmRSS:")?, number("RssAnon:")?])
}
