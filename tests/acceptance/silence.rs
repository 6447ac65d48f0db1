//! F1, F8, F13: two instances behind a relay that stops passing bytes; readers that do not read; signals.

use super::support::{
    Ask, Caller, Process, Relay, World, at_once, eventually, path, program, sockets, url,
};
use super::together::goal;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const WHO: &str = "jv.sagsbehandler";
/// Longer than any request may take, and much shorter than the system needs to end a connection.
const HANGS: Duration = Duration::from_secs(15);
/// The time for full recovery on a busy machine, counted from the start of the fault.
const WELL_AGAIN: Duration = Duration::from_secs(40);

/// Two instances of the service behind one relay.
struct Relayed {
    relay: Relay,
    instances: [Process; 2],
    urls: [String; 2],
}

impl Relayed {
    fn new(world: &World) -> Self {
        // The folder belongs to the world: it is not removed here.
        let folder = std::mem::ManuallyDrop::new(sockets(&world.line));
        let relay = Relay::to(folder.path());
        let instances = [0, 1].map(|_| serve(world, &relay));
        let urls = [0, 1].map(|n: usize| url(&instances[n].ready()));
        Self { relay, instances, urls }
    }

    fn speak(&self, world: &World, instance: usize) -> Caller {
        Caller { url: self.urls[instance % 2].clone(), ..world.speak(WHO, 0) }
    }

    /// Uses enough connections that every pool has some.
    fn warm(&self, world: &World, plan: &str) {
        at_once(12, |n| {
            for _ in 0..5 {
                self.speak(world, n).get(plan).expect(200);
            }
        });
    }

    /// Asserts that both instances serve all requests, twenty times without a 503.
    fn are_well(&self, world: &World, plan: &str, since: Instant) {
        for instance in 0..2 {
            let mut good = 0;
            while good < 20 {
                let began = Instant::now();
                let answer = self.speak(world, instance).ask("GET", plan).once();
                assert!(answer.status == 200 || answer.is_busy(), "{answer:?}");
                assert!(began.elapsed() < HANGS, "it hung for {:?}", began.elapsed());
                assert!(
                    since.elapsed() < WELL_AGAIN,
                    "not well {:?} after it began",
                    since.elapsed()
                );
                good = if answer.status == 200 { good + 1 } else { 0 };
            }
            self.speak(world, instance).get("/health/ready").expect(200);
        }
    }
}

fn serve(world: &World, relay: &Relay) -> Process {
    let (_, login) = world.line["databaseUrl"].as_str().unwrap().split_once("://").unwrap();
    let (login, _) = login.rsplit_once('@').unwrap();
    let database = format!("postgres://{login}@127.0.0.1:{}/enplan", relay.port);
    let keys = world.line["dataDir"].as_str().unwrap();
    let environment = [("ENPLAN_DATABASE_URL", &*database), ("ENPLAN_KEYS", keys)];
    Process::start(&["serve", "--listen", "127.0.0.1:0", "--json"], &environment)
}

fn add(who: &Caller, plan: &str, wished: &str) -> Ask {
    who.ask("POST", &format!("{plan}/goals")).key(wished).body(&goal(wished))
}

fn wished(world: &World, plan: &str, wished: &str) -> usize {
    let plan = world.speak(WHO, 0).get(plan).expect(200);
    let goals = plan["goals"].as_array().unwrap().iter();
    goals.filter(|goal| goal["wishedResult"].as_str() == Some(wished)).count()
}

#[test]
fn f01_two_instances_behind_a_relay_that_stops_passing_bytes() {
    let world = World::new();
    let relayed = Relayed::new(&world);
    connections_that_are_dead_are_replaced(&world, &relayed);
    a_server_that_is_frozen_hangs_nobody(&world, &relayed);
    a_commit_without_an_answer_is_done_once(&world, &relayed);
    an_instance_with_dead_connections_ends(&world, relayed);
    world.ensure_discreet();
}

fn connections_that_are_dead_are_replaced(world: &World, relayed: &Relayed) {
    let plan = world.plan(WHO);
    for round in 0..2 {
        relayed.warm(world, &plan);
        let (began, before) = (Instant::now(), relayed.relay.connected());
        relayed.relay.forget_connections();
        at_once(16, |n| {
            let (who, sent) = (relayed.speak(world, n), Instant::now());
            let answer = match n % 4 {
                0 => who.ask("GET", &plan).once(),
                1 => add(&who, &plan, &format!("Dead {round} {n}")).once(),
                2 => who.ask("GET", "/health/ready").once(),
                _ => who.ask("GET", "/api/v1/me").once(),
            };
            assert!(answer.status < 300 || answer.is_busy(), "{answer:?}");
            assert!(sent.elapsed() < HANGS, "it hung for {:?}", sent.elapsed());
        });
        relayed.are_well(world, &plan, began);
        assert!(relayed.relay.connected() > before, "with other connections");
        for n in [1, 5, 9, 13] {
            let one = format!("Dead {round} {n}");
            add(&relayed.speak(world, n + 1), &plan, &one).send().expect(201);
            assert_eq!(wished(world, &plan, &one), 1);
        }
    }
}

fn a_server_that_is_frozen_hangs_nobody(world: &World, relayed: &Relayed) {
    let plan = world.plan(WHO);
    relayed.warm(world, &plan);
    relayed.relay.freeze(true);
    at_once(16, |n| {
        for _ in 0..2 {
            let (who, sent) = (relayed.speak(world, n), Instant::now());
            let answer = match n % 4 {
                0 => who.ask("GET", &plan).once(),
                1 => add(&who, &plan, &format!("Frozen {n}")).once(),
                2 => who.ask("GET", "/health/ready").once(),
                _ => who.ask("GET", "/api/v1/me").once(),
            };
            assert!(answer.is_busy(), "{answer:?}");
            assert!(sent.elapsed() < HANGS, "it hung for {:?}", sent.elapsed());
            relayed.speak(world, n).get("/health/live").expect(200);
        }
    });
    relayed.relay.freeze(false);
    relayed.are_well(world, &plan, Instant::now());
}

fn a_commit_without_an_answer_is_done_once(world: &World, relayed: &Relayed) {
    let plan = world.plan(WHO);
    for n in 0..2 {
        let one = format!("Lost {n}");
        relayed.relay.lose_commit();
        let answer = add(&relayed.speak(world, n), &plan, &one).once();
        assert!(answer.is_busy(), "{answer:?}");
        assert_eq!(relayed.relay.lost(), n + 1);
        assert_eq!(wished(world, &plan, &one), 1, "it happened");
        let again = add(&relayed.speak(world, n + 1), &plan, &one).send().expect(201);
        assert_eq!(
            relayed.speak(world, n).get(&path("goals", &again)).expect(200)["wishedResult"],
            *one
        );
        assert_eq!(wished(world, &plan, &one), 1, "and not twice");
    }
    relayed.are_well(world, &plan, Instant::now());
}

fn an_instance_with_dead_connections_ends(world: &World, relayed: Relayed) {
    let plan = world.plan(WHO);
    relayed.warm(world, &plan);
    relayed.relay.freeze(true);
    thread::scope(|scope| {
        for n in 0..4 {
            let (who, plan) = (relayed.speak(world, n), &plan);
            scope.spawn(move || {
                // The request gets a response, or is cut off if it arrived too late.
                let answer = who.ask("GET", plan).try_send();
                assert!(
                    answer.as_ref().map_or(true, super::support::Answer::is_busy),
                    "{answer:?}"
                );
            });
        }
        thread::sleep(Duration::from_millis(500));
        for instance in relayed.instances {
            let began = Instant::now();
            assert_eq!(instance.end(), Some(0));
            assert!(began.elapsed() < HANGS, "it took {:?}", began.elapsed());
        }
    });
}

/// F13: a process that has read the line may send a signal, and the service ends properly.
#[test]
fn f13_a_signal_right_after_the_line_drains() {
    let world = World::new();
    let database = world.line["databaseUrl"].as_str().unwrap();
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
        let mut process = Command::new(program())
            .args(["serve", "--listen", "127.0.0.1:0", "--json"])
            .env("ENPLAN_DATABASE_URL", database)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        kill(Pid::from_raw(process.id().try_into().unwrap()), signal).unwrap();
        assert!(serde_json::from_str::<Value>(&line).is_ok(), "{line}");
        assert_eq!(process.wait().unwrap().code(), Some(0), "{signal}");
    }
}

/// F3, F8: failures outside requests are logged with their cause, and a client that does not read delays nothing.
#[test]
fn f03_f08_failures_are_told_with_their_cause_and_slow_readers_are_cut_off() {
    let world = World::new();
    let database = world.database();
    database.ask("REVOKE DELETE ON idempotency_key FROM enplan_worker");
    a_reader_who_does_not_read_is_cut_off(&world);
    eventually("it is told", Duration::from_mins(1), || {
        let second = world.second.lock().unwrap();
        let (_, told) = second.as_ref().unwrap().told();
        let mut lines = told.lines().filter(|line| line.contains(r#""step":"forget-answers""#));
        lines.any(|line| line.contains("permission denied for table idempotency_key")).then_some(())
    });
}

fn a_reader_who_does_not_read_is_cut_off(world: &World) {
    let address = world.urls[1].trim_start_matches("http://").to_owned();
    let asked = 40;
    let mut reader = TcpStream::connect(&address).unwrap();
    for _ in 0..asked {
        write!(reader, "GET /openapi.json HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    }
    let nobody = Caller::nobody(world.urls[1].clone());
    let whole = nobody.get("/openapi.json").body.len();
    // The other end of this connection, which exists while the service still waits for its client.
    let port = format!(":{:04X} ", reader.local_addr().unwrap().port());
    let is_held = || {
        let connections = std::fs::read_to_string("/proc/net/tcp").unwrap();
        connections.lines().any(|line| {
            let remote = line.split_whitespace().nth(2).unwrap_or_default();
            format!("{remote} ").ends_with(&port) && line.split_whitespace().nth(3) == Some("01")
        })
    };
    assert!(is_held());
    eventually("it is cut off", Duration::from_mins(2), || (!is_held()).then_some(()));
    let mut read = Vec::new();
    let _ = reader.read_to_end(&mut read);
    assert!(read.len() < asked * whole, "not all of it was sent");
    nobody.get("/health/live").expect(200);
}
