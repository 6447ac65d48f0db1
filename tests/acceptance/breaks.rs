//! F3: things break, nothing acknowledged is lost, nobody hangs, and all comes back by itself.

use super::support::{Ask, World, at_once, eventually, path};
use super::together::goal;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use persistence::cluster::{ClusterHome, PrivateCluster, Programs, Tuning};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

const WHO: &str = "jv.sagsbehandler";

/// All of it in one world of its own, one after the other, for each breaks what the others stand on.
#[test]
fn f3_what_breaks_comes_back_and_nothing_is_lost() {
    let mut world = World::new();
    a_request_that_hung_up_and_is_sent_again_has_one_effect(&world);
    an_instance_is_killed_under_load(&mut world);
    a_lock_is_held_for_long(&world);
    a_backend_is_killed(&world);
    postgresql_is_stopped_and_started(&world);
    world.ensure_discreet();
}

fn add(world: &World, instance: usize, plan: &str, wished: &str) -> Ask {
    world.speak(WHO, instance).ask("POST", &format!("{plan}/goals")).key(wished).body(&goal(wished))
}

/// What is wished for in the plan besides what it began with.
fn wished(world: &World, plan: &str) -> Vec<String> {
    let plan = world.speak(WHO, 0).get(plan).expect(200);
    let wished = |goal: &Value| goal["wishedResult"].as_str().unwrap().to_owned();
    plan["goals"].as_array().unwrap().iter().skip(1).map(wished).collect()
}

fn a_request_that_hung_up_and_is_sent_again_has_one_effect(world: &World) {
    let plan = world.plan(WHO);
    for n in 0..20 {
        let ask = add(world, n, &plan, &format!("Hung up {n}"));
        ask.hang_up(Duration::from_millis(u64::try_from(n % 5).unwrap() * 4)).unwrap();
        // To the other instance, while the first try may still run in the one.
        add(world, n + 1, &plan, &format!("Hung up {n}")).send().expect(201);
    }
    let (made, once) =
        (wished(world, &plan), (0..20).map(|n| format!("Hung up {n}")).collect::<BTreeSet<_>>());
    assert_eq!((made.len(), made.into_iter().collect()), (20, once));
}

fn an_instance_is_killed_under_load(world: &mut World) {
    let plans: Vec<String> = (0..8).map(|_| world.plan(WHO)).collect();
    let (killed, many) = (OnceLock::new(), AtomicUsize::new(0));
    let acknowledged = at_once(9, |n| {
        if n == 8 {
            let enough = || (many.load(Ordering::Relaxed) > 40).then_some(());
            eventually("a load", Duration::from_secs(30), enough);
            world.second.lock().unwrap().take().unwrap().kill();
            killed.set(()).unwrap();
            return Vec::new();
        }
        let mut acknowledged = Vec::new();
        loop {
            let next = format!("{n} {}", acknowledged.len());
            match add(world, 1, &plans[n], &next).try_send() {
                // With too much to do it says so, and is asked again.
                Ok(answer) if answer.is_busy() => {}
                Ok(answer) => {
                    answer.expect(201);
                    many.fetch_add(1, Ordering::Relaxed);
                    acknowledged.push(next);
                }
                Err(_) => break,
            }
        }
        eventually("it was killed", Duration::from_secs(5), || killed.get().copied());
        acknowledged
    });
    for (plan, acknowledged) in plans.iter().zip(&acknowledged) {
        let there = wished(world, plan);
        assert!(
            acknowledged.iter().all(|one| there.contains(one)),
            "lost: {acknowledged:?} {there:?}"
        );
        // At most the one that was under way is there beside them.
        assert!(there.len() <= acknowledged.len() + 1);
    }
    world.urls[1] = world.second_again();
    let n = acknowledged[0].len();
    add(world, 1, &plans[0], &format!("0 {n}")).send().expect(201);
    assert_eq!(wished(world, &plans[0]).len(), n + 1, "the one that was cut off is there once");
}

fn a_lock_is_held_for_long(world: &World) {
    let (plan, other) = (world.plan(WHO), world.plan(WHO));
    let database = world.database();
    let id = plan.rsplit('/').next().unwrap();
    database.ask(&format!("BEGIN; SELECT 1 FROM plan WHERE id = '{id}' FOR UPDATE"));
    at_once(3, |n| {
        if n == 2 {
            // Meanwhile all else goes on.
            thread::sleep(Duration::from_millis(200));
            for instance in 0..2 {
                world.speak(WHO, instance).get(&plan).expect(200);
                add(world, instance, &other, &format!("Meanwhile {instance}")).send().expect(201);
            }
            return;
        }
        let began = Instant::now();
        let answer = add(world, n, &plan, &format!("Locked {n}")).once();
        assert!(answer.is_busy(), "{answer:?}");
        // Five seconds for the one who waits for the lock, and five for who waits behind them.
        assert!(began.elapsed() < Duration::from_secs(12), "told after {:?}", began.elapsed());
    });
    database.ask("ROLLBACK");
    assert_eq!(wished(world, &plan), Vec::<String>::new());
    add(world, 0, &plan, "Locked 0").send().expect(201);
}

/// Both instances serve again, each of their workers.
fn both_come_back(world: &World, plan: &str, wished: &str) {
    for instance in 0..2 {
        let mut good = 0;
        eventually("it comes back", Duration::from_secs(15), || {
            let answer = world.speak(WHO, instance).ask("GET", plan).once();
            assert!(answer.status == 200 || answer.is_busy(), "{answer:?}");
            good = if answer.status == 200 { good + 1 } else { 0 };
            (good == 20).then_some(())
        });
        add(world, instance, plan, &format!("{wished} {instance}")).send().expect(201);
    }
}

fn a_backend_is_killed(world: &World) {
    let plan = world.plan(WHO);
    let database = world.database();
    let backends =
        database.ask("SELECT pid FROM pg_stat_activity WHERE usename = 'enplan_app' LIMIT 1");
    kill(Pid::from_raw(backends[0].parse().unwrap()), Signal::SIGKILL).unwrap();
    // PostgreSQL ends all the others and recovers.
    both_come_back(world, &plan, "After the crash");
}

fn postgresql_is_stopped_and_started(world: &World) {
    let plan = world.plan(WHO);
    let made = add(world, 0, &plan, "Before").send().expect(201);
    let home =
        ClusterHome::at(&Path::new(world.line["dataDir"].as_str().unwrap()).join("postgresql"))
            .unwrap();
    let programs = Programs::find(env::var_os("PATH").as_deref()).unwrap();
    let open = || PrivateCluster::open(&programs, &home, Tuning::Durable).unwrap();
    open().stop().unwrap();
    at_once(8, |n| {
        let began = Instant::now();
        let caller = world.speak(WHO, n);
        let answer = match n / 2 {
            0 => caller.ask("GET", &plan).once(),
            1 => add(world, n, &plan, &format!("Stopped {n}")).once(),
            2 => caller.ask("GET", "/health/ready").once(),
            _ => {
                let body = json!({ "username": "dpo", "password": "wrong" });
                caller.ask("POST", "/api/v1/session").body(&body).once()
            }
        };
        assert!(answer.is_busy(), "{answer:?}");
        assert!(began.elapsed() < Duration::from_secs(4), "told after {:?}", began.elapsed());
    });
    assert_eq!(world.speak(WHO, 0).get("/health/live").status, 200, "it lives");
    open();
    both_come_back(world, &plan, "Started again");
    assert_eq!(
        world.speak(WHO, 0).get(&path("goals", &made)).expect(200)["wishedResult"],
        "Before"
    );
}
