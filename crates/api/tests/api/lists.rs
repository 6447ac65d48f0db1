//! A5: what a list tells is what can be read singly, for everybody of the demonstration.

use crate::access_matrix::{PEOPLE, municipality};
use crate::meetings::{ADVISER, World, called};
use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, done, join};
use serde_json::json;
use std::collections::BTreeSet;
use test_support::TestApp;
use uuid::Uuid;

async fn ids(app: &TestApp, query: &str) -> BTreeSet<Uuid> {
    let rows = app.sql(query).await;
    rows.iter().map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// What a list tells, page by page; nothing where it is not for the caller.
async fn listed(app: &TestApp, who: &str, path: &str) -> BTreeSet<Uuid> {
    let (mut all, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = app.as_(who).get(&format!("{path}?limit=3{cursor}")).await;
        if page.status != 200 {
            assert!([403, 404].contains(&page.status), "{who} {path}: {}", page.body);
            return all;
        }
        let told =
            page.items().iter().map(|item| item["id"].as_str().unwrap().parse::<Uuid>().unwrap());
        all.extend(told);
        let Some(next) = page.body["nextCursor"].as_str() else { return all };
        cursor = format!("&cursor={next}");
    }
}

/// Those of them that the caller can read one by one.
async fn readable(app: &TestApp, who: &str, path: &str, all: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
    let mut can_be_read = BTreeSet::new();
    for id in all {
        let answer = app.as_(who).get(&format!("/api/v1/{path}/{id}")).await;
        assert!([200, 403, 404].contains(&answer.status), "{who} {path}: {}", answer.body);
        if answer.status == 200 {
            can_be_read.insert(*id);
        }
    }
    can_be_read
}

#[actix_web::test]
async fn a5_ac_10_lists_equal_single_reads_for_every_role_of_the_demonstration() {
    let app = municipality().await;
    let case = app.active_plan(CASEWORKER).await;
    for who in [STRANGER, COUNSELLOR, "rusmiddel.behandler", "mentor", "bu.raadgiver"] {
        done(join(&app, CASEWORKER, case.plan, who)).await;
    }
    let person = format!("/api/v1/young-people/{}", case.young_person);
    let areas = ["plan", "education-and-employment", "health", "family-and-social", "crime"];
    for who in [CASEWORKER, STRANGER, COUNSELLOR, "rusmiddel.behandler"] {
        for area in areas {
            let talk = json!({
                "informationArea": area, "tookPlaceAt": app.now(), "form": "video", "minutes": 10,
                "youngPersonTookPart": true, "text": "x",
            });
            done(app.as_(who).post(&format!("{person}/conversations"), talk)).await;
            let note = json!({ "informationArea": area, "tookPlaceAt": app.now(), "text": "x" });
            done(app.as_(who).post(&format!("{person}/notes"), note)).await;
        }
        // A task in each area, the caseworker's or nobody's.
        app.execute(&format!(
            "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
             SELECT gen_random_uuid(), '{}', area, '{}', 'hand-over', gen_random_uuid(), whose, '2026-12-01', '2026-11-01Z'
               FROM unnest(ARRAY[2, 4, 8, 16, 32]) area, unnest(ARRAY['{}'::uuid, NULL]) whose",
            case.young_person,
            app.unit_of(who),
            app.employee(CASEWORKER)
        ))
        .await;
    }
    let conversations = ids(&app, "SELECT id FROM journal_entry WHERE kind = 'conversation'").await;
    let notes = ids(&app, "SELECT id FROM journal_entry WHERE kind = 'note'").await;
    // AB-2: plans of several units that have had nothing for long.
    for owner in [CASEWORKER, STRANGER, COUNSELLOR, "bu.raadgiver"] {
        app.active_plan(owner).await;
    }
    app.execute("UPDATE plan SET activated_at = '2026-11-01Z' WHERE state = 'active'").await;
    let gaps = ids(&app, "SELECT id FROM plan WHERE state = 'active'").await;
    let tasks = ids(&app, "SELECT id FROM task").await;
    let mut sizes = BTreeSet::new();
    for (username, ..) in PEOPLE {
        for (kind, all) in [("conversations", &conversations), ("notes", &notes)] {
            let told = listed(&app, username, &format!("{person}/{kind}")).await;
            assert_eq!(told, readable(&app, username, kind, all).await, "{username} {kind}");
            sizes.insert(told.len());
        }
        let told = listed(&app, username, "/api/v1/gap-list").await;
        let mut can_be_read = readable(&app, username, "plans", &gaps).await;
        if told.is_empty() && !can_be_read.is_empty() {
            // A list is for those who find people.
            assert_eq!(app.as_(username).get("/api/v1/gap-list").await.status, 403, "{username}");
            can_be_read.clear();
        }
        assert_eq!(told, can_be_read, "{username} gaps");
        sizes.insert(told.len() + 100);
        let told = listed(&app, username, "/api/v1/tasks").await;
        let can_be_read = readable(&app, username, "tasks", &tasks).await;
        assert!(told.is_subset(&can_be_read), "{username} is told of tasks that are not for them");
        // What one's own units wrote and nobody has, is told.
        let units = format!(
            "SELECT t.id FROM task t JOIN employee_role r ON r.unit_id = t.writing_unit_id
              WHERE t.employee_id IS NULL AND t.done_at IS NULL AND r.employee_id = '{}'",
            app.employee(username)
        );
        let of_nobody = ids(&app, &units).await;
        let mine: BTreeSet<_> = of_nobody.intersection(&can_be_read).copied().collect();
        assert!(mine.is_subset(&told), "{username} is not told of tasks of their unit");
    }
    assert!(sizes.len() > 4, "everybody sees as much: {sizes:?}");
}

/// The same of who has the case, and of the intakes of units.
#[actix_web::test]
async fn a5_ac_10_assignments_and_intakes_equal_single_reads_for_every_role_of_the_demonstration() {
    let app = municipality().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = format!("/api/v1/young-people/{}", case.young_person);
    let workers = [
        (CASEWORKER, "caseworker"),
        (STRANGER, "adviser"),
        (COUNSELLOR, "counsellor"),
        ("bu.raadgiver", "adviser"),
    ];
    for (who, function) in workers {
        if who != CASEWORKER {
            done(join(&app, CASEWORKER, case.plan, who)).await;
        }
        // The coordinator has the case.
        if who != CASEWORKER {
            let given = json!({ "employeeId": app.employee(who), "function": function });
            done(app.as_(who).post(&format!("{person}/assignments"), given)).await;
        }
        let wanted = json!({ "unitId": app.unit_of(who), "function": "mentor", "reason": "x" });
        done(app.as_(who).post(&format!("{person}/intake"), wanted)).await;
    }
    let assignments = ids(&app, "SELECT id FROM assignment").await;
    let entries = ids(&app, "SELECT id FROM intake_entry").await;
    let (mut sizes, mut leaders) = (BTreeSet::new(), 0);
    for (username, ..) in PEOPLE {
        let told = listed(&app, username, &format!("{person}/assignments")).await;
        assert_eq!(told, readable(&app, username, "assignments", &assignments).await, "{username}");
        sizes.insert(told.len());
        let can_be_read = readable(&app, username, "intake-entries", &entries).await;
        for (who, _) in workers {
            let path = format!("/api/v1/units/{}/intake", app.unit_of(who));
            let told = listed(&app, username, &path).await;
            assert!(told.is_subset(&can_be_read), "{username} is told of an intake of {who}");
            leaders += usize::from(told.len() == 1);
        }
    }
    // JobSpor's and the social department's leader, the jobcenter's head, UU's and B&U's.
    assert!(leaders >= 5, "{leaders}");
    assert_eq!(sizes, BTreeSet::from([0, workers.len()]));
}

/// The same of meetings about somebody: of the handover, and of what is health.
#[actix_web::test]
async fn a5_ac_10_meetings_equal_single_reads_for_every_role_of_the_demonstration() {
    let world = World::of(municipality().await).await;
    let app = &world.app;
    world.called(0).await;
    let person = format!("/api/v1/young-people/{}", world.person);
    let owner = app.as_(ADVISER);
    done(owner.post(&format!("{person}/pregnancies"), json!({ "knownOn": app.today() }))).await;
    let at = json!({ "roomId": world.rooms[1], "startsAt": "2026-11-30T12:00:00Z", "endsAt": "2026-11-30T13:00:00Z" });
    let called: Vec<_> =
        [ADVISER, "rusmiddel.behandler", COUNSELLOR].map(|who| called(app, who)).to_vec();
    let network = json!({ "at": at, "employees": called });
    done(owner.post(&format!("{person}/network-meetings"), network)).await;
    done(join(app, ADVISER, world.plan, CASEWORKER)).await;
    done(join(app, ADVISER, world.plan, "mentor")).await;
    let meetings = ids(app, "SELECT id FROM meeting").await;
    let mut sizes = BTreeSet::new();
    for (username, ..) in PEOPLE {
        let told = app.as_(username).get(&format!("{person}/meetings")).await;
        let in_list: BTreeSet<Uuid> = if told.status == 200 {
            told.items().iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
        } else {
            assert!([403, 404].contains(&told.status), "{username}: {}", told.body);
            BTreeSet::new()
        };
        assert_eq!(in_list, readable(app, username, "meetings", &meetings).await, "{username}");
        let file = app.as_(username).get(&format!("{person}/case-file")).await;
        if file.status == 200 {
            let in_file = file.body["meetings"].as_array().unwrap().iter();
            let in_file: BTreeSet<Uuid> =
                in_file.map(|one| one["id"].as_str().unwrap().parse().unwrap()).collect();
            assert_eq!(in_file, in_list, "{username}: the case file");
        }
        sizes.insert(in_list.len());
    }
    assert_eq!(sizes, [0, 1, 2].into(), "everybody sees as much");
}
