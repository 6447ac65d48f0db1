//! YP-8 beside the other rules: what is voided or moved by one while another goes on.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};

const GOAL: &str = "INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
    VALUES (#310, #300, #100, #2, 'social', 'what', '2027-01-01', '2026-11-03')";

/// The last goal is voided before the plan is activated or after it, never beside it.
#[tokio::test]
async fn yp_08_pl_03_the_last_goal_is_not_voided_beside_the_activation() {
    let database = town().await;
    let (worker, app) = (Prompt::of_worker(&database).await, Prompt::of_app(&database).await);
    worker.run(GOAL).await;
    app.begin(id(1011), NOW).await;
    let voided = app.value("SELECT void_written(#77, 'goal', #310, #100, 'why')").await;
    assert_eq!(voided, "t");
    worker.run("SET lock_timeout = '300ms'").await;
    let activated = "UPDATE plan SET version = version + 1 WHERE id = #300";
    assert_eq!(worker.refusal(activated).await.as_deref(), Some("55P03"), "it waits");
    app.rollback().await;
    assert_eq!(worker.refusal(activated).await, None);
}

/// YP-9: nobody of age gets a guardian by a correction either.
#[tokio::test]
async fn yp_08_yp_09_a_guardian_is_not_moved_to_somebody_of_age() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    admin
        .load(
            "INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                SELECT p, #2, 'x', 'x', b, '2026-11-01' FROM (VALUES (#101, date '2010-01-01'), (#102, '2009-01-01')) v (p, b);
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                SELECT gen_random_uuid(), p, #2, 'unit', 'registration', 7, p, 'x', '2026-11-01' FROM unnest(ARRAY[#101, #102]) p;
             INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, told_at)
                VALUES (#320, #101, #2, 'x', 'mother', true, '2020-01-01', '2026-11-01')",
        )
        .await;
    // The one of the fixture turned 18 in March.
    let to = |other: u64| {
        format!("SELECT move_written(#78, #79, 'guardian', #320, #101, #{other}, 'why')")
    };
    app.begin(id(1011), NOW).await;
    assert_eq!(app.refusal(&to(100)).await.as_deref(), Some("guardian.of-age"));
    app.rollback().await;
    app.begin(id(1011), NOW).await;
    assert_eq!(app.value(&to(102)).await, "t");
    app.rollback().await;
}
