//! Connections that detect a server that does not respond (F1).
//!
//! A relay may acknowledge every packet and forward none, and a frozen server keeps its sockets open. Neither ends a
//! connection. Each connection therefore counts the outstanding replies and fails if no byte of them arrives in time.
//! This covers everything from the login to the COMMIT, without code in the callers.

use crate::bootstrap::with_options;
use crate::error::causes;
use crate::limits::Limits;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_postgres::config::{Host, TargetSessionAttrs};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// The port of PostgreSQL if the address names none.
const PORT: u16 = 5432;
/// The idle time before the first TCP keepalive probe, and the interval of the probes.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(5);

/// The time at which a connection of this process last failed because of silence. Older connections may be dead as
/// well.
#[derive(Debug, Clone, Default)]
pub struct Silence(Arc<Mutex<Option<std::time::Instant>>>);

impl Silence {
    /// Records that a connection failed now.
    pub(crate) fn begins(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::time::Instant::now());
    }

    /// Did a connection fail at or after this time?
    pub(crate) fn since(&self, moment: std::time::Instant) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| moment <= last)
    }
}

/// Connects with these time limits.
pub(crate) async fn connect(
    url: &str,
    limits: Limits,
    silence: &Silence,
) -> ConnectionResult<AsyncPgConnection> {
    // The parser's error may quote the address, which may contain a password, so the error is not passed on.
    let config: Config = with_options(url, limits.options)
        .parse()
        .map_err(|_| ConnectionError::InvalidConnectionUrl("it is none".to_owned()))?;
    let mut last = ConnectionError::BadConnection("the address names no host".to_owned());
    let ports = config.get_ports();
    for (n, host) in config.get_hosts().iter().enumerate() {
        let port = ports.get(n).or(ports.first()).copied().unwrap_or(PORT);
        match connect_to(host, port, &config, limits, silence).await {
            Ok(client) => return AsyncPgConnection::try_from(client).await,
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn connect_to(
    host: &Host,
    port: u16,
    config: &Config,
    limits: Limits,
    silence: &Silence,
) -> ConnectionResult<Client> {
    let bad =
        |error: &(dyn std::error::Error + 'static)| ConnectionError::BadConnection(causes(error));
    let client = match host {
        Host::Tcp(name) => {
            let dialled = timeout(limits.reply, dial(name, port, limits.reply)).await;
            let stream = dialled.map_err(|error| bad(&error))?.map_err(|error| bad(&error))?;
            log_in(config, Watched::new(stream, limits.reply, silence.clone())).await
        }
        Host::Unix(folder) => {
            let path = folder.join(format!(".s.PGSQL.{port}"));
            let dialled = timeout(limits.reply, UnixStream::connect(path)).await;
            let stream = dialled.map_err(|error| bad(&error))?.map_err(|error| bad(&error))?;
            log_in(config, Watched::new(stream, limits.reply, silence.clone())).await
        }
    };
    let client = client.map_err(|error| bad(&error))?;
    if config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite {
        let answer = client.simple_query("SHOW transaction_read_only").await;
        let answer = answer.map_err(|error| bad(&error))?;
        let read_only = answer
            .iter()
            .any(|row| matches!(row, SimpleQueryMessage::Row(row) if row.get(0) == Some("on")));
        if read_only {
            return Err(ConnectionError::BadConnection("the server is read-only".to_owned()));
        }
    }
    Ok(client)
}

async fn dial(name: &str, port: u16, patience: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    let addresses: Vec<SocketAddr> = lookup_host((name, port)).await?.collect();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                let socket = SockRef::from(&stream);
                let alive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE_EVERY);
                socket.set_tcp_keepalive(&alive)?;
                #[cfg(target_os = "linux")]
                socket.set_tcp_user_timeout(Some(patience))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Logs in, and runs the connection until its client is dropped or the connection breaks.
async fn log_in<S>(config: &Config, stream: S) -> Result<Client, tokio_postgres::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (client, connection) = config.connect_raw(stream, NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = causes(&error), "a connection to the database was lost");
        }
    });
    Ok(client)
}

/// A stream that fails if an outstanding reply does not arrive in time.
struct Watched<S> {
    stream: S,
    patience: Duration,
    silence: Silence,
    sent: Frames,
    received: Frames,
    /// The number of `ReadyForQuery` messages that the server still has to send.
    owed: usize,
    /// Was a message sent without a following query or `Sync`?
    unfinished: bool,
    deadline: Instant,
    /// Runs at most until the deadline; moving the deadline does not reset it.
    timer: Pin<Box<Sleep>>,
    runs: bool,
}

impl<S> Watched<S> {
    fn new(stream: S, patience: Duration, silence: Silence) -> Self {
        Self {
            stream,
            patience,
            silence,
            sent: Frames::from_startup(),
            received: Frames::default(),
            owed: 1,
            unfinished: false,
            deadline: Instant::now() + patience,
            timer: Box::pin(sleep(patience)),
            runs: true,
        }
    }

    const fn waits(&self) -> bool {
        self.owed > 0 || self.unfinished || self.sent.known > 0
    }

    /// Counts the sent messages, and starts to wait for their replies.
    fn noted(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        let waited = self.waits();
        let (owed, unfinished) = (&mut self.owed, &mut self.unfinished);
        self.sent.read(bytes, |message| match message {
            // A query, and `Sync`, which ends a series of messages: the server replies to both.
            b'Q' | b'S' => (*owed, *unfinished) = (*owed + 1, false),
            // The startup message and the login, whose reply is already counted, and `Terminate`.
            0 | b'p' | b'X' => {}
            _ => *unfinished = true,
        });
        if !waited && self.waits() {
            self.deadline = Instant::now() + self.patience;
            if !self.runs {
                self.timer.as_mut().reset(self.deadline);
                self.runs = true;
            }
            // The poll registers a wake-up for the deadline; `poll_read` handles it.
            let _ = self.is_over(context);
        }
    }

    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        while self.runs && self.timer.as_mut().poll(context).is_ready() {
            self.runs = false;
            if !self.waits() {
                return false;
            }
            if Instant::now() >= self.deadline {
                return true;
            }
            self.timer.as_mut().reset(self.deadline);
            self.runs = true;
        }
        false
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        // Received bytes are read before the deadline is checked, even if this process was too busy to read them
        // earlier.
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, buffer) {
            let owed = &mut this.owed;
            this.received.read(buffer.filled().get(before..).unwrap_or_default(), |message| {
                if message == b'Z' {
                    *owed = owed.saturating_sub(1);
                }
            });
            this.deadline = Instant::now() + this.patience;
            return Poll::Ready(read);
        }
        if this.is_over(context) {
            this.silence.begins();
            let told = format!("no reply within {:?}", this.patience);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, told)));
        }
        Poll::Pending
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.noted(bytes.get(..written).unwrap_or_default(), context);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// Finds the messages in a stream of bytes: one byte for the kind, four for the length, then the content.
#[derive(Debug, Default)]
struct Frames {
    head: [u8; 5],
    /// The number of bytes of the head that are known.
    known: usize,
    /// The number of bytes of the current message that are still to come.
    rest: usize,
}

impl Frames {
    /// The first message of a client has no byte for the kind.
    fn from_startup() -> Self {
        Self { known: 1, ..Self::default() }
    }

    /// Calls `ended` with the kind of each message that ends in these bytes.
    fn read(&mut self, mut bytes: &[u8], mut ended: impl FnMut(u8)) {
        while let Some((first, others)) = bytes.split_first() {
            if let Some(place) = self.head.get_mut(self.known) {
                *place = *first;
                self.known += 1;
                bytes = others;
                if self.known < self.head.len() {
                    continue;
                }
                let [_, length @ ..] = self.head;
                // The length includes its own four bytes.
                self.rest = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
                self.rest = self.rest.saturating_sub(length.len());
            } else {
                let taken = self.rest.min(bytes.len());
                self.rest -= taken;
                bytes = bytes.get(taken..).unwrap_or_default();
            }
            if self.rest == 0 {
                ended(self.head[0]);
                *self = Self::default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    const READY: &[u8] = b"Z\0\0\0\x05I";
    const QUERY: &[u8] = b"Q\0\0\0\x0dSELECT 1\0";
    const PATIENCE: Duration = Duration::from_secs(4);

    /// A connection after its login, and the server's side of it.
    async fn connected() -> (Watched<DuplexStream>, DuplexStream, Silence) {
        let (ours, mut theirs) = duplex(1024);
        let silence = Silence::default();
        let mut watched = Watched::new(ours, PATIENCE, silence.clone());
        watched.write_all(b"\0\0\0\x08\0\x03\0\0").await.unwrap();
        theirs.write_all(READY).await.unwrap();
        watched.read_exact(&mut [0; 6]).await.unwrap();
        (watched, theirs, silence)
    }

    async fn fails(watched: &mut Watched<DuplexStream>) -> bool {
        let read = watched.read_exact(&mut [0; 6]).await;
        read.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut)
    }

    #[tokio::test(start_paused = true)]
    async fn f01_a_query_that_is_not_answered_ends_the_connection_and_suspects_the_others() {
        let (mut watched, _theirs, silence) = connected().await;
        let before = std::time::Instant::now();
        assert!(!silence.since(before));
        watched.write_all(QUERY).await.unwrap();
        let began = Instant::now();
        assert!(fails(&mut watched).await);
        assert_eq!(began.elapsed().as_secs(), PATIENCE.as_secs());
        assert!(silence.since(before));
        assert!(!silence.since(std::time::Instant::now() + Duration::from_millis(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn f01_an_idle_connection_may_be_silent_for_ever() {
        let (mut watched, mut theirs, _) = connected().await;
        let idle = timeout(Duration::from_hours(1), watched.read_u8()).await;
        assert!(idle.is_err(), "it waits");
        watched.write_all(QUERY).await.unwrap();
        theirs.write_all(READY).await.unwrap();
        watched.read_exact(&mut [0; 6]).await.unwrap();
        watched.write_all(QUERY).await.unwrap();
        assert!(fails(&mut watched).await, "and still waits for no answer longer than that");
    }

    #[tokio::test(start_paused = true)]
    async fn f01_each_of_several_queries_sent_at_once_is_to_be_answered() {
        let (mut watched, mut theirs, _) = connected().await;
        watched.write_all(&[QUERY, QUERY].concat()).await.unwrap();
        theirs.write_all(READY).await.unwrap();
        watched.read_exact(&mut [0; 6]).await.unwrap();
        assert!(fails(&mut watched).await);
    }

    #[tokio::test(start_paused = true)]
    async fn f01_an_answer_that_stops_half_way_or_a_login_that_nobody_answers_is_given_up() {
        let (mut watched, mut theirs, _) = connected().await;
        watched.write_all(QUERY).await.unwrap();
        theirs.write_all(b"D\0\0\0\x40half").await.unwrap();
        let mut half = [0; 9];
        watched.read_exact(&mut half).await.unwrap();
        assert!(fails(&mut watched).await);

        let (ours, _theirs) = duplex(1024);
        assert!(fails(&mut Watched::new(ours, PATIENCE, Silence::default())).await);
    }

    #[tokio::test(start_paused = true)]
    async fn f01_an_answer_may_take_long_as_long_as_it_comes() {
        let (mut watched, mut theirs, _) = connected().await;
        watched.write_all(QUERY).await.unwrap();
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_secs(3)).await;
            theirs.write_all(b"D\0\0\0\x06\0\0").await.unwrap();
            watched.read_exact(&mut [0; 7]).await.unwrap();
        }
        theirs.write_all(READY).await.unwrap();
        watched.read_exact(&mut [0; 6]).await.unwrap();
        assert!(timeout(Duration::from_hours(1), watched.read_u8()).await.is_err());
    }

    #[test]
    fn f01_messages_are_found_however_they_are_cut() {
        let bytes = [READY, b"N\0\0\0\x04", QUERY].concat();
        for size in 1..bytes.len() {
            let (mut frames, mut found) = (Frames::default(), Vec::new());
            bytes.chunks(size).for_each(|chunk| frames.read(chunk, |kind| found.push(kind)));
            assert_eq!(found, b"ZNQ", "in chunks of {size}");
        }
    }
}
