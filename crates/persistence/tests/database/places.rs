//! IV-3: the places of an offer are counted by the database as by the domain, and never passed.

use crate::fixture::{referral, town};
use crate::sql::Prompt;
use chrono::{Days, NaiveDate};
use domain::interventions::{Capacity, Hold, free_places};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Write as _;
use tokio::runtime;
use tokio::task::JoinSet;
use uuid::Uuid;

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + Days::new(n)
}

/// Where an intervention is in its life, with the days that count there.
#[derive(Debug, Clone, Copy)]
enum Life {
    Waiting,
    Referred { holds_from: u64 },
    Offered { holds_from: u64 },
    Started { on: u64 },
    Ended { from: u64, days: u64 },
    Withdrawn { held_from: u64 },
}

impl Life {
    fn hold(self) -> Option<Hold> {
        match self {
            Self::Waiting | Self::Withdrawn { .. } => None,
            Self::Referred { holds_from: from }
            | Self::Offered { holds_from: from }
            | Self::Started { on: from } => Some(Hold { from: day(from), until: None }),
            Self::Ended { from, days } => {
                Some(Hold { from: day(from), until: Some(day(from + days)) })
            }
        }
    }

    /// State, ticket, `holds_from`, offered, expires, started, ended, reason.
    fn columns(self) -> String {
        match self {
            Self::Waiting => "'waiting', 1, NULL, NULL, NULL, NULL, NULL, NULL".to_owned(),
            Self::Referred { holds_from } => {
                format!("'referred', NULL, '{}', NULL, NULL, NULL, NULL, NULL", day(holds_from))
            }
            Self::Offered { holds_from } => {
                format!("'offered', 1, '{0}', '{0}', '{0}', NULL, NULL, NULL", day(holds_from))
            }
            // From when it was held before it started counts no more.
            Self::Started { on } => {
                format!("'started', NULL, '{}', NULL, NULL, '{}', NULL, NULL", day(0), day(on))
            }
            Self::Ended { from, days } => format!(
                "'ended-early', NULL, '{}', NULL, NULL, '{}', '{}', 'own-wish'",
                day(0),
                day(from),
                day(from + days)
            ),
            Self::Withdrawn { held_from } => {
                format!("'withdrawn', NULL, '{}', NULL, NULL, NULL, NULL, NULL", day(held_from))
            }
        }
    }
}

/// Few days, so that much begins and ends on the same ones.
fn life() -> impl Strategy<Value = Life> {
    prop_oneof![
        Just(Life::Waiting),
        (0..10_u64).prop_map(|holds_from| Life::Referred { holds_from }),
        (0..10_u64).prop_map(|holds_from| Life::Offered { holds_from }),
        (0..10_u64).prop_map(|on| Life::Started { on }),
        (0..10_u64, 0..4_u64).prop_map(|(from, days)| Life::Ended { from, days }),
        (0..10_u64).prop_map(|held_from| Life::Withdrawn { held_from }),
    ]
}

/// An offer with its places over time and what was and is going on in it.
fn offer_sql(code: Uuid, capacity: &[(u64, Option<u32>)], lives: &[Life]) -> String {
    let mut sql = format!(
        "INSERT INTO catalogue_entry (code, title, description, provider_unit_id, area, target_groups,
            company_oriented, repeatable, cannot_wait)
         VALUES ('{code}', 'T', '', #4, 'health', '{{}}', false, true, false);"
    );
    for (from, places) in capacity {
        let places = places.map_or("NULL".to_owned(), |places| places.to_string());
        write!(
            sql,
            "INSERT INTO catalogue_places VALUES ('{code}', '{}', {places}, 'why');",
            day(*from)
        )
        .unwrap();
    }
    for life in lives {
        write!(
            sql,
            "INSERT INTO intervention (id, plan_id, young_person_id, information_area, writing_unit_id, providing_unit_id,
                catalogue_code, title, area, repeatable, planned_start, responsible_id, referred_at,
                state, ticket, holds_from, offered_at, offer_expires_on, started_on, ended_on, end_reason)
             VALUES (gen_random_uuid(), #300, #100, 8, #2, #4, '{code}', 'T', 'health', true, '2026-11-01', #11,
                '2026-11-01', {});",
            life.columns()
        )
        .unwrap();
    }
    sql
}

#[test]
fn iv_03_the_database_counts_free_places_as_the_domain_does() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, admin) = runtime.block_on(async {
        let database = town().await;
        let admin = Prompt::of_admin(&database).await;
        (database, admin)
    });
    let places = option::weighted(0.8, 0..6_u32);
    let offers = (btree_map(0..10_u64, places, 0..4), vec(life(), 0..12), 0..10_u64);
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(64) });
    let held = runner.run(&offers, |(capacity, lives, first)| {
        let code = Uuid::now_v7();
        let capacity: Vec<_> = capacity.into_iter().collect();
        let steps: Vec<_> = capacity
            .iter()
            .map(|(from, places)| Capacity { from: day(*from), places: *places })
            .collect();
        let holds: Vec<_> = lives.iter().filter_map(|life| life.hold()).collect();
        let expected = free_places(&steps, &holds, day(first));
        let counted = runtime.block_on(async {
            admin.load(&offer_sql(code, &capacity, &lives)).await;
            admin.value(&format!("SELECT free_places('{code}', '{}')", day(first))).await
        });
        prop_assert_eq!(counted, expected.map(|free| free.to_string()).unwrap_or_default());
        Ok(())
    });
    runtime.block_on(async { drop(database) });
    held.unwrap();
}

/// Young people 1001, 1002, … with draft plans 2001, 2002, …
fn crowd(number: u64) -> String {
    format!(
        "INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
            SELECT lpad((1000 + n)::text, 32, '0')::uuid, #2, 'Young', n::text, '2008-01-01', '2026-11-01'
              FROM generate_series(1, {number}) n;
         INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at)
            SELECT lpad((2000 + n)::text, 32, '0')::uuid, lpad((1000 + n)::text, 32, '0')::uuid, #2,
                   'draft', 'why', '2026-11-02'
              FROM generate_series(1, {number}) n;"
    )
}

/// The referral of the nth of them.
fn referral_of(n: u64, offer: &str, from: &str) -> String {
    referral(3000 + n, (2000 + n, 1000 + n), offer, from)
}

fn places(offer: &str, from: &str, places: u32) -> String {
    format!("INSERT INTO catalogue_places VALUES ('{offer}', '{from}', {places}, 'decided')")
}

const NO_PLACE: Option<&str> = Some("intervention.no-place");
const PLACES_HELD: Option<&str> = Some("catalogue.places-held");

#[tokio::test]
async fn iv_03_the_twenty_sixth_has_no_place() {
    let database = town().await;
    Prompt::of_admin(&database).await.load(&crowd(28)).await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&places("stigen", "2026-01-01", 25)).await;
    for n in 1..=25 {
        worker.run(&referral_of(n, "stigen", "2026-12-01")).await;
    }
    let late = referral_of(27, "stigen", "2027-03-01");
    assert_eq!(worker.refusal(&late).await.as_deref(), NO_PLACE);

    // Nor does it get one through another offer: which it is of is set once.
    worker.run(&referral_of(26, "internship", "2026-12-01")).await;
    let moved = "UPDATE intervention SET catalogue_code = 'stigen' WHERE id = #3026";
    assert_eq!(worker.refusal(moved).await.as_deref(), Some("42501"));

    // One who leaves makes room.
    worker.run("UPDATE intervention SET state = 'withdrawn' WHERE id = #3001").await;
    worker.run(&late).await;
    assert_eq!(worker.refusal(&referral_of(28, "stigen", "2027-03-01")).await.as_deref(), NO_PLACE);

    // It is the triggers that keep it.
    let without = "DROP TRIGGER intervention_gets_a_place ON intervention";
    Prompt::of_admin(&database).await.run(without).await;
    worker.run(&referral_of(28, "stigen", "2027-03-01")).await;
}

/// How many of 32 who are referred at the same moment get one of five places.
async fn placed_of_thirty_two(isolation: &'static str) -> usize {
    let database = town().await;
    Prompt::of_admin(&database).await.load(&crowd(32)).await;
    Prompt::of_worker(&database).await.run(&places("stigen", "2026-01-01", 5)).await;
    let mut prompts = Vec::new();
    for n in 1..=32 {
        prompts.push((n, Prompt::of_worker(&database).await));
    }
    // Each keeps its transaction open for a moment: whoever only counted would not see the others.
    let slowly = move |n| {
        let referral = referral_of(n, "stigen", "2026-12-01");
        format!("BEGIN ISOLATION LEVEL {isolation}; {referral} SELECT pg_sleep(0.05); COMMIT")
    };
    let mut referring: JoinSet<_> = prompts
        .into_iter()
        .map(|(n, worker)| async move { worker.refusal(&slowly(n)).await })
        .collect();
    let mut placed = 0;
    while let Some(refusal) = referring.join_next().await {
        match refusal.unwrap().as_deref() {
            None => placed += 1,
            NO_PLACE => {}
            refused => assert_eq!(refused, Some("40001"), "counted on an old snapshot"),
        }
    }
    let held = "SELECT count(*) FROM intervention WHERE catalogue_code = 'stigen'";
    assert_eq!(Prompt::of_worker(&database).await.value(held).await, placed.to_string());
    placed
}

#[tokio::test]
async fn iv_03_thirty_two_at_once_get_five_places() {
    assert_eq!(placed_of_thirty_two("READ COMMITTED").await, 5);
    // Who looks at an old snapshot fails and may come again; nobody gets a sixth.
    assert!((1..=5).contains(&placed_of_thirty_two("REPEATABLE READ").await));
    assert!((1..=5).contains(&placed_of_thirty_two("SERIALIZABLE").await));
}

#[tokio::test]
async fn iv_03_places_that_are_held_are_not_taken_away() {
    let database = town().await;
    Prompt::of_admin(&database).await.load(&crowd(3)).await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&places("stigen", "2026-01-01", 2)).await;
    worker.run(&places("stigen", "2026-12-01", 3)).await;
    for n in 1..=3 {
        worker.run(&referral_of(n, "stigen", "2026-12-01")).await;
    }
    for lowering in [
        &places("stigen", "2027-01-01", 2),
        "UPDATE catalogue_places SET places = 2 WHERE from_day = '2026-12-01'",
        // The two of before would hold for the days between.
        "UPDATE catalogue_places SET from_day = '2026-12-24' WHERE from_day = '2026-12-01'",
        "UPDATE catalogue_places SET code = 'internship' WHERE from_day = '2026-12-01'",
    ] {
        assert_eq!(worker.refusal(lowering).await.as_deref(), PLACES_HELD, "{lowering}");
    }
    worker.run(&places("stigen", "2027-01-01", 3)).await;
    worker.run("UPDATE catalogue_places SET places = 0 WHERE from_day = '2026-01-01'").await;

    let without = "DROP TRIGGER places_are_not_taken_away ON catalogue_places";
    Prompt::of_admin(&database).await.run(without).await;
    worker.run(&places("stigen", "2027-02-01", 2)).await;
}
