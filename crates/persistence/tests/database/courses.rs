//! IV-2, IV-8, IV-12 at a SQL prompt: companies, hours, sessions and groups.

use crate::fixture::{referral, town};
use crate::rules::Rule;
use crate::sql::{NOW, Prompt, id};

/// A row that is part of an intervention.
fn part(table: &str, intervention: u64, columns: &str, values: &str) -> String {
    format!(
        "INSERT INTO {table} (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id, {columns})
         SELECT id, young_person_id, information_area, writing_unit_id, providing_unit_id, {values}
           FROM intervention WHERE id = #{intervention};"
    )
}

fn company(intervention: u64, cvr: &str) -> String {
    let values = format!("'{cvr}', 'A company', 'A supervisor'");
    part("intervention_company", intervention, "cvr, name, supervisor_name", &values)
}

fn member(row: u64, group: u64, intervention: u64, from: &str) -> String {
    let values = format!("#{row}, #{group}, '{from}'");
    part("group_member", intervention, "id, group_id, from_day", &values)
}

fn leave(row: u64, on: &str) -> String {
    format!(
        "UPDATE group_member SET until_day = '{on}', left_at = '{on} 12:00+00' WHERE id = #{row};"
    )
}

fn group(group: u64, unit: u64, size: &str) -> String {
    format!(
        "INSERT INTO intervention_group (id, provider_unit_id, title, from_day, size)
         VALUES (#{group}, #{unit}, 'A group', '2026-11-01', {size});"
    )
}

fn internship(id: u64) -> String {
    referral(id, (300, 100), "internship", "2026-12-01")
}

#[tokio::test]
async fn iv_08_a_company_has_a_cvr_number() {
    for number in ["10150818", "1015081", "00000000", "1015081x"] {
        let rule = Rule {
            code: "company.cvr-invalid",
            given: &internship(500),
            breaks: &company(500, number),
            without: "ALTER TABLE intervention_company DROP CONSTRAINT \"company.cvr-invalid\"",
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn iv_08_the_database_reads_cvr_numbers_as_the_domain_does() {
    let database = town().await;
    let query = "SELECT n FROM generate_series(0, 30000) s CROSS JOIN LATERAL (SELECT lpad((s * 3331)::text, 8, '0')) l (n)
                  WHERE is_cvr(n) ORDER BY n";
    let told = Prompt::of_admin(&database).await.column(query).await;
    let numbers = (0..=30000_u32).map(|n| format!("{:08}", n * 3331));
    let mut expected: Vec<String> =
        numbers.filter(|number| domain::courses::Cvr::parse(number).is_ok()).collect();
    expected.sort_unstable();
    assert!(expected.len() > 2000);
    assert_eq!(told, expected);
}

#[tokio::test]
async fn iv_08_what_is_company_oriented_starts_at_a_company() {
    let rule = Rule {
        code: "intervention.company-missing",
        given: &internship(500),
        breaks: "UPDATE intervention SET state = 'started', started_on = '2026-12-01', holds_from = NULL WHERE id = #500;",
        without: "DROP TRIGGER intervention_has_a_company ON intervention",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_02_the_same_offer_runs_once_at_one_company() {
    let rule = Rule {
        code: "intervention.already-running:company",
        given: &[internship(500), internship(501), company(500, "10150817")].concat(),
        breaks: &company(501, "10150817"),
        without: "DROP INDEX \"intervention.already-running:company\"",
    };
    rule.must_hold().await;
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&[internship(500), internship(501), company(500, "10150817")].concat()).await;
    worker.run("UPDATE intervention SET state = 'withdrawn' WHERE id = #500").await;
    worker.run(&company(501, "10150817")).await;
}

#[tokio::test]
async fn iv_08_hours_are_within_a_week_and_told_in_tenths() {
    let hours = |minutes: i32| {
        let values = format!("'2026-12-01', {minutes}, 'internship'");
        part("intervention_hours", 500, "from_day, weekly_minutes, form", &values)
    };
    for minutes in [-6, 2226, 7] {
        let rule = Rule {
            code: "intervention_hours_weekly",
            given: &internship(500),
            breaks: &hours(minutes),
            without: "ALTER TABLE intervention_hours DROP CONSTRAINT intervention_hours_weekly",
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn iv_12_sessions_of_a_week_do_not_meet() {
    let session = |from: i32, to: i32| {
        let values = format!("1, {from}, {to}");
        part("intervention_session", 500, "weekday, from_minute, to_minute", &values)
    };
    let rule = Rule {
        code: "intervention_session_apart",
        given: &(internship(500) + &session(540, 720)),
        breaks: &session(719, 800),
        without: "ALTER TABLE intervention_session DROP CONSTRAINT intervention_session_apart",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_12_a_group_is_never_passed() {
    let rule = Rule {
        code: "group.full",
        given: &[
            group(600, 4, "1"),
            internship(500),
            internship(501),
            member(700, 600, 500, "2026-12-01"),
        ]
        .concat(),
        breaks: &member(701, 600, 501, "2026-11-20"),
        without: "DROP TRIGGER group_has_room ON group_member",
    };
    rule.must_hold().await;
}

/// Two who come after one another need one place; a third who stays over both does not fit.
#[tokio::test]
async fn iv_12_the_most_on_any_day_is_counted() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let given =
        [group(600, 4, "2"), internship(500), internship(501), internship(502), internship(503)];
    worker.run(&given.concat()).await;
    worker.run(&member(700, 600, 500, "2026-11-20")).await;
    worker.run(&leave(700, "2026-12-01")).await;
    worker.run(&member(701, 600, 501, "2026-12-01")).await;
    let most = |from: &str| format!("SELECT group_members(#600, '{from}')");
    assert_eq!(worker.value(&most("2026-11-01")).await, "1");
    worker.run(&member(702, 600, 502, "2026-11-25")).await;
    assert_eq!(worker.value(&most("2026-11-01")).await, "2");
    assert_eq!(
        worker.refusal(&member(703, 600, 503, "2026-11-25")).await.as_deref(),
        Some("group.full")
    );
    // One that is withdrawn counts no more, nor one that has ended.
    worker.run("UPDATE intervention SET state = 'withdrawn' WHERE id = #502").await;
    assert_eq!(worker.value(&most("2026-11-25")).await, "1");
    worker.run(&member(703, 600, 503, "2026-11-25")).await;
}

#[tokio::test]
async fn iv_12_one_group_at_a_time_of_its_own_provider_and_not_when_it_is_over() {
    let rules = [
        (
            "group.already-member",
            [
                group(600, 4, "NULL"),
                group(601, 4, "NULL"),
                internship(500),
                member(700, 600, 500, "2026-12-01"),
            ]
            .concat(),
            member(701, 601, 500, "2027-01-01"),
            "ALTER TABLE group_member DROP CONSTRAINT \"group.already-member\"",
        ),
        (
            "group.another-provider",
            [group(600, 3, "NULL"), internship(500)].concat(),
            member(700, 600, 500, "2026-12-01"),
            "ALTER TABLE group_member DROP CONSTRAINT \"group.another-provider\"",
        ),
        (
            "intervention.step-not-allowed",
            [group(600, 4, "NULL"), internship(500)].concat()
                + "UPDATE intervention SET state = 'withdrawn' WHERE id = #500;",
            member(700, 600, 500, "2026-12-01"),
            "DROP TRIGGER part_of_what_runs ON group_member",
        ),
    ];
    for (code, given, breaks, without) in &rules {
        Rule { code, given, breaks, without }.must_hold().await;
    }
}

#[tokio::test]
async fn iv_12_a_membership_ends_no_later_than_it_is_told() {
    let rule = Rule {
        code: "group_member_left",
        given: &[group(600, 4, "NULL"), internship(500), member(700, 600, 500, "2026-11-20")]
            .concat(),
        breaks: &leave(700, "2026-12-01").replace("2026-12-01 12", "2026-11-30 12"),
        without: "ALTER TABLE group_member DROP CONSTRAINT group_member_left",
    };
    rule.must_hold().await;
}

/// PL-9: of what is over nothing more is told; PL-11: nor is what was told changed.
#[tokio::test]
async fn pl_09_what_is_over_is_told_of_no_more() {
    let parts = [
        ("intervention_company", company(500, "10150817")),
        (
            "intervention_hours",
            part(
                "intervention_hours",
                500,
                "from_day, weekly_minutes, form",
                "'2026-12-01', 60, 'ordinary'",
            ),
        ),
        (
            "intervention_session",
            part("intervention_session", 500, "weekday, from_minute, to_minute", "1, 540, 600"),
        ),
        (
            "intervention_extension",
            part(
                "intervention_extension",
                500,
                "planned_end, reason, extended_on",
                "'2027-01-01', 'why', '2026-11-22'",
            ),
        ),
        ("group_member", member(700, 600, 500, "2026-12-01")),
    ];
    let given = group(600, 4, "NULL")
        + &internship(500)
        + "UPDATE intervention SET planned_end = '2027-01-01', reason = 'why' WHERE id = #500;";
    let over = "UPDATE intervention SET state = 'withdrawn' WHERE id = #500;";
    for (table, row) in &parts {
        let rule = Rule {
            code: "intervention.step-not-allowed",
            given: &(given.clone() + over),
            breaks: row,
            without: &format!("DROP TRIGGER part_of_what_runs ON {table}"),
        };
        rule.must_hold().await;
    }
    // Nor is it ended then, or written anew.
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&given).await;
    for (_, row) in &parts {
        worker.run(row).await;
    }
    for change in [
        "UPDATE intervention_company SET name = 'Another'",
        "UPDATE intervention_hours SET weekly_minutes = 0",
        "UPDATE intervention_session SET weekday = 2",
        "UPDATE intervention_extension SET reason = 'Another'",
        "UPDATE group_member SET from_day = '2026-11-01'",
        "DELETE FROM intervention_session",
    ] {
        let refused = worker.refusal(change).await;
        assert_eq!(refused.as_deref(), Some("42501"), "no right to {change}");
    }
    worker.run(over).await;
    let ended = format!("UPDATE intervention_session SET replaced_at = '{NOW}'");
    for change in [ended, leave(700, "2026-12-01")] {
        let refused = worker.refusal(&change).await;
        assert_eq!(refused.as_deref(), Some("intervention.step-not-allowed"), "{change}");
    }
}

#[tokio::test]
async fn pl_09_an_extension_is_the_interventions_planned_end() {
    let rule = Rule {
        code: "intervention_extension_planned",
        given: &internship(500),
        breaks: &part(
            "intervention_extension",
            500,
            "planned_end, reason, extended_on",
            "'2027-01-01', 'why', '2026-11-22'",
        ),
        without: "DROP TRIGGER extension_is_the_planned_end ON intervention_extension",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_12_a_group_of_an_offer_takes_that_offer_alone() {
    let stigen = referral(500, (300, 100), "stigen", "2026-12-01");
    let rule = Rule {
        code: "group.another-offer",
        given: &(group(600, 4, "NULL")
            .replace("size)", "size, catalogue_code)")
            .replace("NULL);", "NULL, 'internship');")
            + &stigen),
        breaks: &member(700, 600, 500, "2026-12-01"),
        without: "DROP TRIGGER group_has_room ON group_member",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_12_a_group_is_not_lowered_below_its_members_and_not_changed_when_it_is_over() {
    let members = [internship(500), internship(501)].concat()
        + &member(700, 600, 500, "2026-12-01")
        + &member(701, 600, 501, "2026-12-01");
    let rule = Rule {
        code: "group.members-beyond",
        given: &(group(600, 4, "2") + &members),
        breaks: "UPDATE intervention_group SET size = 1 WHERE id = #600",
        without: "DROP TRIGGER group_keeps_its_members ON intervention_group",
    };
    rule.must_hold().await;
    let now = format!("SELECT set_config('app.now', '{NOW}', false);");
    let over =
        group(600, 4, "2").replace("size)", "size, to_day)").replace("2);", "2, '2026-11-20');");
    for (code, given, to) in [
        ("group.over", over, "2027-01-01"),
        ("intervention_group_ends_ahead", group(600, 4, "2"), "2026-11-20"),
    ] {
        let rule = Rule {
            code,
            given: &(now.clone() + &given),
            breaks: &format!("UPDATE intervention_group SET to_day = '{to}' WHERE id = #600"),
            without: "DROP TRIGGER group_keeps_its_members ON intervention_group",
        };
        rule.must_hold().await;
    }
}

/// Plan before intervention, as everywhere (D-13): or the offer's leader and whoever takes a step wait
/// for one another.
#[tokio::test]
async fn an_offer_that_repeats_no_more_locks_the_plans_first() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&internship(500)).await;
    let step = Prompt::of_worker(&database).await;
    step.run("BEGIN; SELECT FROM plan WHERE id = #300 FOR UPDATE").await;
    let leader = Prompt::of_worker(&database).await;
    let change = "UPDATE catalogue_entry SET repeatable = false WHERE code = 'internship'";
    let waits = tokio::spawn(async move { leader.refusal(change).await });
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let admin = Prompt::of_admin(&database).await;
    while admin.value(waiting).await == "0" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(
        step.refusal("SELECT FROM intervention WHERE id = #500 FOR UPDATE NOWAIT").await,
        None
    );
    step.run("COMMIT").await;
    assert_eq!(waits.await.unwrap(), None);
}

/// Twenty connections at once: the group is locked before it is counted.
#[tokio::test]
async fn iv_12_twenty_at_once_do_not_pass_the_size() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&group(600, 4, "4")).await;
    for n in 0..20 {
        worker.run(&internship(500 + n)).await;
    }
    let mut joining = tokio::task::JoinSet::new();
    for n in 0..20 {
        let prompt = Prompt::of_worker(&database).await;
        joining.spawn(
            async move { prompt.refusal(&member(700 + n, 600, 500 + n, "2026-12-01")).await },
        );
    }
    let refused = joining.join_all().await.into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(refused, ["group.full"; 16]);
    assert_eq!(worker.value("SELECT count(*) FROM group_member").await, "4");
}

/// A merge moves all that is part of an intervention; and none of it can hang on two people.
#[tokio::test]
async fn what_is_part_of_an_intervention_goes_with_it() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker
        .run(
            &[
                group(600, 4, "NULL"),
                internship(500),
                company(500, "10150817"),
                member(700, 600, 500, "2026-12-01"),
            ]
            .concat(),
        )
        .await;
    let astray =
        "UPDATE intervention_company SET information_area = 8 WHERE intervention_id = #500";
    assert!(worker.refusal(astray).await.is_some());
    let admin = Prompt::of_admin(&database).await;
    admin.run("UPDATE young_person SET id = #101 WHERE id = #100").await;
    for table in ["intervention_company", "group_member"] {
        let whose = format!("SELECT young_person_id FROM {table}");
        assert_eq!(admin.value(&whose).await, id(101).to_string(), "{table}");
    }
}

/// AC-3: of what the caller does not see no more than when it is, and that only where they see the plan.
#[tokio::test]
async fn ac_03_what_is_gathered_tells_of_the_hidden_only_when_it_is() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let session =
        part("intervention_session", 500, "weekday, from_minute, to_minute", "1, 540, 600");
    let hidden =
        "UPDATE intervention SET information_area = 8, writing_unit_id = #3 WHERE id = #500;
        UPDATE intervention_session SET information_area = 8, writing_unit_id = #3;";
    admin.run(&(internship(500) + &session)).await;
    admin.load(&format!("UPDATE catalogue_entry SET mentoring = true; {hidden}")).await;
    let app = Prompt::of_app(&database).await;
    let gathered = "SELECT coalesce(catalogue_code, '-'), mentoring, from_day, json_array_length(sessions) FROM planned_for(#100)";
    app.begin(id(1011), NOW).await;
    assert_eq!(app.rows(gathered).await, [["-", "f", "2026-12-01", "1"]]);
    app.rollback().await;
    // The provider sees it.
    admin.load("UPDATE access_basis SET areas = 1, holder_id = #4").await;
    app.begin(id(1014), NOW).await;
    assert_eq!(app.rows(gathered).await, [["internship", "t", "2026-12-01", "1"]]);
    app.rollback().await;
    // Another who may know who the young person is, and no more.
    admin.load("UPDATE access_basis SET holder_id = #2").await;
    app.begin(id(1011), NOW).await;
    assert_eq!(app.rows(gathered).await, [[""; 0]; 0]);
    app.rollback().await;
}

/// What counts or gathers beyond the caller's sight tells nothing to whom the person does not exist.
#[tokio::test]
async fn ac_02_what_looks_further_looks_for_those_who_have_a_basis() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&internship(500)).await;
    let app = Prompt::of_app(&database).await;
    for (session, rows) in [(1011, "1"), (1013, "0")] {
        app.begin(id(session), NOW).await;
        assert_eq!(app.value("SELECT count(*) FROM planned_for(#100)").await, rows);
        let counted = "SELECT interventions_under_way(#100, '2026-12-01') IS NOT NULL";
        assert_eq!(app.value(counted).await, if rows == "1" { "t" } else { "f" });
        app.rollback().await;
    }
}
