//! A relay between an instance and PostgreSQL that stops passing bytes, without ending a connection.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The behaviour of the relay towards its connections.
#[derive(Debug, Default)]
struct State {
    /// Connections with a number below this one are dead: their bytes are read and dropped.
    dead_below: AtomicUsize,
    /// All connections are dead, including new ones, as if the server were frozen.
    frozen: AtomicBool,
    /// The next connection that sends a COMMIT gets no reply to it.
    loses_commit: AtomicBool,
    /// The number of connections.
    connected: AtomicUsize,
    /// The number of COMMITs without a reply.
    lost: AtomicUsize,
}

/// The relay. It listens on a separate port until the process ends.
#[derive(Debug, Clone)]
pub struct Relay {
    pub port: u16,
    state: Arc<State>,
}

impl Relay {
    /// Starts a relay to the server with its socket in this folder.
    pub fn to(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, socket) = (Arc::new(State::default()), folder.join(".s.PGSQL.5432"));
        let relay = Self { port, state: Arc::clone(&state) };
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let number = state.connected.fetch_add(1, Ordering::SeqCst);
                let (state, socket) = (Arc::clone(&state), socket.clone());
                thread::spawn(move || pass(client, &socket, number, &state));
            }
        });
        relay
    }

    /// All current connections are dead; new connections are served.
    pub fn forget_connections(&self) {
        let now = self.state.connected.load(Ordering::SeqCst);
        self.state.dead_below.store(now, Ordering::SeqCst);
    }

    /// Stops all replies, or lets them pass again.
    pub fn freeze(&self, frozen: bool) {
        self.state.frozen.store(frozen, Ordering::SeqCst);
    }

    /// The next COMMIT is forwarded, but its reply is dropped.
    pub fn lose_commit(&self) {
        self.state.loses_commit.store(true, Ordering::SeqCst);
    }

    /// The number of connections so far.
    pub fn connected(&self) -> usize {
        self.state.connected.load(Ordering::SeqCst)
    }

    /// The number of COMMITs without a reply so far.
    pub fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }
}

impl State {
    fn is_dead(&self, number: usize) -> bool {
        number < self.dead_below.load(Ordering::SeqCst)
    }
}

fn pass(client: TcpStream, socket: &PathBuf, number: usize, state: &Arc<State>) {
    let Ok(server) = UnixStream::connect(socket) else { return };
    let gagged = Arc::new(AtomicBool::new(false));
    let (mut from_server, mut to_client) =
        (server.try_clone().unwrap(), client.try_clone().unwrap());
    let (back, silent) = (Arc::clone(state), Arc::clone(&gagged));
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(read @ 1..) = from_server.read(&mut buffer) {
            wait_while(&back);
            if !back.is_dead(number)
                && !silent.load(Ordering::SeqCst)
                && to_client.write_all(&buffer[..read]).is_err()
            {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let _ = forward(client, server, number, state, &gagged);
}

fn forward(
    mut client: TcpStream,
    mut server: UnixStream,
    number: usize,
    state: &State,
    gagged: &AtomicBool,
) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = client.read(&mut buffer)?;
        if read == 0 {
            // A dead connection forwards nothing to the server, not even its end.
            if !state.is_dead(number) && !gagged.load(Ordering::SeqCst) {
                server.shutdown(Shutdown::Both)?;
            }
            return Ok(());
        }
        wait_while(state);
        if state.is_dead(number) {
            continue;
        }
        let commits = buffer[..read].windows(7).any(|seven| seven == b"COMMIT\0");
        if commits && state.loses_commit.swap(false, Ordering::SeqCst) {
            gagged.store(true, Ordering::SeqCst);
            state.lost.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&buffer[..read])?;
    }
}

fn wait_while(state: &State) {
    while state.frozen.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(10));
    }
}
