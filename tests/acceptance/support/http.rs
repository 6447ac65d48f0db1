//! A client that speaks HTTP.

use super::PASS_PHRASE;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, body) = (std::str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 4..)?);
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let header = |line: &str| {
            line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        };
        let headers: HashMap<_, _> = lines.filter_map(header).collect();
        let whole =
            headers.get("content-length").is_none_or(|length| *length == body.len().to_string());
        whole.then(|| Self { status, headers, body: String::from_utf8_lossy(body).into_owned() })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The body, of an answer with this status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }

    /// Status and problem code, or the state of what was answered.
    pub fn outcome(&self) -> (u16, String) {
        let json = self.json();
        let told = json["code"].as_str().or_else(|| json["state"].as_str());
        (self.status, told.unwrap_or_default().to_owned())
    }

    /// Told to come back later, as it should be.
    pub fn is_busy(&self) -> bool {
        self.status == 503
            && self.headers.get("retry-after").is_some_and(|after| after.parse::<u64>().is_ok())
    }
}

/// Somebody who speaks to one instance.
#[derive(Debug, Clone)]
pub struct Caller {
    pub url: String,
    pub token: Option<String>,
}

/// A request, being written.
#[derive(Debug, Clone)]
pub struct Ask {
    address: String,
    head: Vec<String>,
    body: String,
}

impl Caller {
    pub const fn nobody(url: String) -> Self {
        Self { url, token: None }
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        let address = self.url.trim_start_matches("http://").to_owned();
        let mut head = vec![
            format!("{method} {path} HTTP/1.1"),
            format!("Host: {address}"),
            "Connection: close".into(),
        ];
        head.extend(self.token.as_ref().map(|token| format!("Authorization: Bearer {token}")));
        Ask { address, head, body: String::new() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path).body(body).send()
    }

    /// Reads the thing, and takes a step from the version there is.
    pub fn step(&self, thing: &str, step: &str, body: Option<&Value>) -> Answer {
        let ask =
            self.ask("POST", &format!("{thing}/{step}")).version(&self.get(thing).expect(200));
        body.map_or_else(|| ask.clone(), |body| ask.clone().body(body)).send()
    }
}

impl Ask {
    pub fn body(mut self, body: &Value) -> Self {
        self.body = body.to_string();
        self.head.push("Content-Type: application/json".into());
        self
    }

    /// From the version of this thing.
    pub fn version(mut self, thing: &Value) -> Self {
        self.head.push(format!("If-Match: \"{}\"", thing["version"]));
        self
    }

    pub fn key(mut self, key: &str) -> Self {
        self.head.push(format!("Idempotency-Key: {key}"));
        self
    }

    /// Asks and hangs up.
    pub fn hang_up(&self, after: Duration) -> io::Result<()> {
        let _stream = self.connect()?;
        thread::sleep(after);
        Ok(())
    }

    /// Asks, and comes back later where it is told to, as on a machine with too much to do.
    pub fn send(&self) -> Answer {
        for _ in 0..20 {
            let answer = self.once();
            if !answer.is_busy() {
                return answer;
            }
            thread::sleep(Duration::from_millis(500));
        }
        self.once()
    }

    /// Asks once.
    pub fn once(&self) -> Answer {
        self.try_send().unwrap_or_else(|error| panic!("{}: {error}", self.head[0]))
    }

    pub fn try_send(&self) -> io::Result<Answer> {
        let mut bytes = Vec::new();
        self.connect()?.read_to_end(&mut bytes)?;
        Answer::parse(&bytes).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "{}\r\nContent-Length: {}\r\n\r\n{}",
            self.head.join("\r\n"),
            self.body.len(),
            self.body
        )?;
        Ok(stream)
    }
}

pub fn url(line: &Value) -> String {
    line["url"].as_str().unwrap().to_owned()
}

/// The path of one thing.
pub fn path(kind: &str, thing: &Value) -> String {
    format!("/api/v1/{kind}/{}", thing["id"].as_str().unwrap())
}

/// An access token.
pub fn sign_in(url: &str, username: &str) -> String {
    let body = json!({ "username": username, "password": PASS_PHRASE });
    let tokens = Caller::nobody(url.to_owned()).post("/api/v1/session", &body).expect(201);
    tokens["accessToken"].as_str().unwrap().to_owned()
}

/// Somebody who is signed in.
pub fn speak(url: &str, username: &str) -> Caller {
    Caller { url: url.to_owned(), token: Some(sign_in(url, username)) }
}

/// Something that is not there for anybody.
const NOBODYS: &str = "019ab000-0000-7000-8000-000000000000";

/// For this caller there is nothing in this path: the same answer as for what does not exist (A3).
pub fn ensure_nothing(caller: &Caller, thing: &str) {
    let last = thing.rsplit('/').next().unwrap();
    let plain = |answer: Answer| {
        let mut document = answer.json();
        document["instance"].take();
        (answer.status, document)
    };
    let (answer, of_nobody) =
        (plain(caller.get(thing)), plain(caller.get(&thing.replace(last, NOBODYS))));
    assert_eq!(answer, of_nobody);
    assert_eq!((answer.0, &answer.1["code"]), (404, &json!("not-found")));
}
