//! A6: row security stands on every table with personal data, the roles have no more than they need,
//! and views and functions of the owner carry the one predicate.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};
use insta::assert_snapshot;
use test_support::TestDatabase;

/// Tables that tell of nobody.
const IMPERSONAL: &str = "'installation', 'installation_key', 'serving_level', 'sql_object', 'unit', 'job', 'access_rule', 'deadline_rule', 'school_holiday', 'legal_basis', 'transition_guide', 'special_education', '__diesel_schema_migrations'";

/// Tables whose rows somebody may see whom nothing holds back; forced security would blind the owner.
async fn unprotected(admin: &Prompt) -> Vec<String> {
    let query = format!(
        "SELECT c.oid::regclass || CASE
                WHEN relforcerowsecurity THEN ': forced'
                WHEN NOT relrowsecurity THEN ': not enabled'
                ELSE ': a policy for all' END
           FROM pg_class c
          WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'f')
            AND relname NOT IN ({IMPERSONAL})
            AND (NOT relrowsecurity OR relforcerowsecurity OR EXISTS (SELECT FROM pg_policy p
                WHERE p.polrelid = c.oid AND (p.polroles = '{{0}}' OR
                    'enplan_app'::regrole = ANY (p.polroles) AND pg_get_expr(p.polqual, c.oid) = 'true'
                    AND c.relname NOT LIKE 'catalogue%')))
          ORDER BY 1"
    );
    admin.column(&query).await
}

/// Tables of young people whose rows the application reads, or changes, by another rule than the one
/// predicate.
async fn without_predicate(admin: &Prompt) -> Vec<String> {
    admin
        .column(
            "SELECT c.oid::regclass::text || ' ' || coalesce(p.polname, 'has no policy')
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('young_person_id', 'young_people')
               LEFT JOIN pg_policy p ON p.polrelid = c.oid AND 'enplan_app'::regrole = ANY (polroles)
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                AND (p.oid IS NULL OR NOT coalesce(
                    coalesce(pg_get_expr(polqual, c.oid), pg_get_expr(polwithcheck, c.oid)) ~
                    'access_basis.*acting_holders.*valid_from <= .*acting_now.*valid_to > .*acting_now.*areas.*giver_id',
                    false))
              ORDER BY 1",
        )
        .await
}

#[tokio::test]
async fn a6_every_personal_table_has_row_security() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    assert_eq!(unprotected(&admin).await, [""; 0]);
    assert_snapshot!(without_predicate(&admin).await.join("\n"), @"
    access_basis app_insert
    access_basis app_read
    access_entry app_insert
    assignment app_assigns_own
    assignment app_ends_own
    correction reads_fact
    event app_insert
    follow_up reads_fact
    hotline_contact app_insert
    idempotency_key app
    intake_entry app_leaves_own
    journal_correction reads_fact
    journal_entry reads_fact
    meeting reads_fact
    meeting_decision reads_fact
    meeting_minutes reads_fact
    meeting_move reads_fact
    meeting_participant reads_fact
    meeting_task reads_fact
    pregnancy reads_fact
    task reads_fact
    transition_need app_raises_by_hand
    ");
}

#[tokio::test]
async fn a6_a_new_table_without_a_policy_is_found() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run("CREATE TABLE diary (id uuid PRIMARY KEY, young_person_id uuid NOT NULL)").await;
    assert_eq!(unprotected(&admin).await, ["diary: not enabled"]);
    assert!(without_predicate(&admin).await.contains(&"diary has no policy".to_owned()));

    admin.run("ALTER TABLE diary ENABLE ROW LEVEL SECURITY").await;
    admin.run("CREATE POLICY open ON diary TO enplan_app USING (true)").await;
    assert_eq!(unprotected(&admin).await, ["diary: a policy for all"]);
    assert!(without_predicate(&admin).await.contains(&"diary open".to_owned()));
}

#[tokio::test]
async fn a6_a_policy_that_is_removed_or_widened_is_found() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let before = without_predicate(&admin).await.len();
    admin.run("ALTER POLICY app_read ON goal USING (writing_unit_id IS NOT NULL)").await;
    assert_eq!(without_predicate(&admin).await.len(), before + 1);
    admin.run("ALTER TABLE plan DISABLE ROW LEVEL SECURITY; ALTER TABLE task FORCE ROW LEVEL SECURITY").await;
    assert_eq!(unprotected(&admin).await, ["plan: not enabled", "task: forced"]);
}

#[tokio::test]
async fn a6_the_roles_of_ours_have_no_power_of_their_own() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    for role in ["enplan_app", "enplan_worker", "enplan_figures"] {
        let power = format!(
            "SELECT 'attribute' FROM pg_roles WHERE rolname = '{role}'
                AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
             UNION ALL SELECT 'member of ' || roleid::regrole FROM pg_auth_members WHERE member = '{role}'::regrole
             UNION ALL SELECT 'owns ' || classid::regclass || ' ' || objid FROM pg_shdepend
                 WHERE refobjid = '{role}'::regrole AND deptype = 'o'
             UNION ALL SELECT 'creates in ' || nspname FROM pg_namespace WHERE has_schema_privilege('{role}', oid, 'CREATE')
             UNION ALL SELECT 'creates in the database' FROM pg_database
                 WHERE datname = current_database() AND has_database_privilege('{role}', oid, 'CREATE, TEMPORARY')
             UNION ALL SELECT 'may do anything to ' || oid::regclass FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
                   AND has_table_privilege('{role}', oid, 'TRUNCATE, REFERENCES, TRIGGER')"
        );
        assert_eq!(admin.column(&power).await, [""; 0], "{role}");
    }
}

#[tokio::test]
async fn a6_lg_03_nobody_changes_the_logs() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let changing = "
        SELECT role || ' ' || c.oid::regclass || ' ' || privilege
          FROM pg_class c
         CROSS JOIN unnest('{enplan_app,enplan_worker,enplan_figures}'::text[]) role
         CROSS JOIN unnest('{UPDATE,DELETE,TRUNCATE}'::text[]) privilege
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND relname ~ '^(event|access_entry)' AND has_table_privilege(role, c.oid, privilege)";
    assert_eq!(admin.column(changing).await, [""; 0]);

    // Nor does anybody reach a partition past its table's policies.
    let partitions = "
        SELECT role || ' ' || c.oid::regclass FROM pg_class c
         CROSS JOIN unnest('{enplan_app,enplan_worker,enplan_figures}'::text[]) role
         WHERE relispartition AND relkind = 'r' AND has_table_privilege(role, c.oid, 'SELECT, INSERT, UPDATE, DELETE')";
    assert_eq!(admin.column(partitions).await, [""; 0]);
    let number = "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'";
    assert_eq!(admin.value(number).await, "50", "two years and the default of both logs");

    let app = Prompt::of_app(&database).await;
    for statement in [
        "UPDATE event SET payload = NULL",
        "DELETE FROM access_entry",
        "TRUNCATE event_default",
        "SELECT FROM event",
        "SELECT FROM account",
        "SELECT FROM session",
        "SELECT FROM refresh_token",
        "SELECT FROM job",
    ] {
        assert_eq!(app.refusal(statement).await.as_deref(), Some("42501"), "{statement}");
    }
}

/// LG-2: a request writes entries of its own employee. The writer of the access log acts as nobody and writes those of all.
#[tokio::test]
async fn lg_02_nobody_writes_entries_of_another_employee() {
    let database = town().await;
    let app = Prompt::of_app(&database).await;
    let entry = |actor: u64| {
        format!(
            "INSERT INTO access_entry (recorded_at, id, request_id, actor_id, operation, outcome, young_people, bases, areas)
             VALUES ('{NOW}', gen_random_uuid(), gen_random_uuid(), #{actor}, 'getPlan', 'read', '{{}}', '{{}}', 0)"
        )
    };
    for (actor, refusal) in [(11, None), (13, Some("42501"))] {
        app.begin(id(1011), NOW).await;
        assert_eq!(app.refusal(&entry(actor)).await.as_deref(), refusal, "{actor}");
        app.rollback().await;
    }
    app.run(&format!("BEGIN; {}; {}", entry(11), entry(13))).await;
    app.rollback().await;
}

#[tokio::test]
async fn a6_the_figures_read_no_row() {
    let database = TestDatabase::new().await;
    let readable = "SELECT oid::regclass FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
           AND (has_table_privilege('enplan_figures', oid, 'SELECT, INSERT, UPDATE, DELETE')
                OR has_any_column_privilege('enplan_figures', oid, 'SELECT, INSERT, UPDATE'))";
    assert_eq!(Prompt::of_admin(&database).await.column(readable).await, [""; 0]);
}

#[tokio::test]
async fn a6_ac_10_every_read_view_is_the_owners_and_carries_the_predicate() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let views = admin
        .rows(
            "SELECT relname, relowner::regrole, array_to_string(reloptions, ','), pg_get_viewdef(oid)
               FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND relname <> 'acting'
                AND (has_any_column_privilege('enplan_app', oid, 'SELECT') OR has_any_column_privilege('enplan_worker', oid, 'SELECT'))
              ORDER BY 1",
        )
        .await;
    let names: Vec<_> = views.iter().map(|view| view[0].as_str()).collect();
    assert_eq!(
        names,
        [
            "assignment_file",
            "case_file",
            "goal_file",
            "hotline_file",
            "intervention_file",
            "journal_file",
            "plan_file"
        ]
    );
    for view in &views {
        assert_eq!(view[1], "enplan_owner", "{}", view[0]);
        assert_eq!(view[2], "security_barrier=true", "{}", view[0]);
        carries_the_predicate(&view[0], &view[3]);
    }
    for function in ["list_young_people", "search_young_people"] {
        let body = format!("SELECT prosrc FROM pg_proc WHERE proname = '{function}'");
        carries_the_predicate(function, &admin.value(&body).await);
    }
}

/// Compares without parentheses and casts, which the catalogue sets as it likes.
fn carries_the_predicate(name: &str, definition: &str) {
    let plain = definition.replace("::integer", "").replace(['(', ')'], "");
    for part in [
        "access_basis b ON",
        "acting_holders AS holders",
        "acting_now AS moment",
        "b.holder_id = ANY me.holders",
        "b.valid_from <= me.moment",
        "b.valid_to > me.moment",
        ".information_area <> 0",
        ".writing_unit_id = ANY a.holders",
    ] {
        assert!(plain.contains(part), "{name} lacks {part}:\n{plain}");
    }
}

#[expect(clippy::too_many_lines, reason = "a list of them all")]
#[tokio::test]
async fn a6_functions_of_the_owner_are_few_and_cannot_be_led_astray() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let astray = "
        SELECT p.oid::regprocedure FROM pg_proc p
         WHERE pronamespace = 'public'::regnamespace AND prosecdef
           AND (coalesce(proconfig::text, '') NOT LIKE '%search_path=public, pg_temp%'
                OR proowner <> 'enplan_owner'::regrole OR has_function_privilege('public', p.oid, 'EXECUTE'))";
    assert_eq!(admin.column(astray).await, [""; 0]);

    let public = "
        SELECT p.oid::regprocedure FROM pg_proc p
         WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE')
           AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')";
    assert_eq!(admin.column(public).await, [""; 0], "nothing is executable by everybody");

    let of_owner = |role: &str| {
        format!(
            "SELECT p.oid::regprocedure || ' -> ' || pg_get_function_result(p.oid) FROM pg_proc p
              WHERE pronamespace = 'public'::regnamespace AND prosecdef
                AND has_function_privilege('{role}', p.oid, 'EXECUTE')
              ORDER BY 1"
        )
    };
    assert_snapshot!(admin.column(&of_owner("enplan_app")).await.join("\n"), @"
    act_as(uuid,timestamp with time zone) -> void
    ask_task(uuid,text,uuid,date,timestamp with time zone) -> void
    begin_card(uuid,integer) -> integer
    begin_check(uuid,uuid,bytea) -> record
    calendar_of_meeting(uuid) -> SETOF calendar_entry
    calendar_of_subscription(bytea,timestamp with time zone) -> SETOF calendar_entry
    caseload_capacity(uuid,date[],timestamp with time zone) -> TABLE(on_day date, function text, cases bigint)
    caseload_of(uuid,date,timestamp with time zone,uuid,boolean) -> TABLE(employee_id uuid, function text, present boolean, norm integer, employment_share integer, ramp_quarters integer, reduction integer, case_limit integer, young_people integer, exceptions integer, breaches integer, reserved integer, covered integer, changes integer, away boolean, everybody integer)
    cases_in(uuid,uuid[]) -> TABLE(id uuid, young_person_id uuid, employee_id uuid, function text, counts_as text, exception_until date)
    change_password(text,text,uuid,uuid) -> boolean
    check_gave_access(uuid) -> void
    colleague_coordinates(uuid,uuid) -> boolean
    colleague_sees(uuid,uuid,information_area) -> boolean
    confirm_rights(uuid,uuid,text) -> void
    contact_is_answered(uuid) -> void
    contact_of_request(bytea) -> TABLE(id uuid, called_at timestamp with time zone, logged_at timestamp with time zone, due_at timestamp with time zone)
    coordinates_as(uuid,uuid) -> text
    coordinating_post(uuid,uuid) -> TABLE(unit_id uuid, function text, has_case boolean)
    coordinator_to_ask(uuid) -> uuid
    count_behind(text,uuid[]) -> bigint
    credential_of(text,timestamp with time zone) -> TABLE(employee_id uuid, password_hash text)
    draw_ticket(text) -> bigint
    end_access(uuid,timestamp with time zone) -> bigint
    end_participation_access(uuid,timestamp with time zone,text) -> SETOF record
    end_participations(uuid,timestamp with time zone) -> void
    end_referral_access(uuid,timestamp with time zone,text) -> SETOF record
    end_session(uuid,timestamp with time zone,uuid) -> void
    face_to_face(uuid,date,date) -> TABLE(month date, conversations integer, minutes integer, minutes_face_to_face integer)
    find_contacts(text,text,text,text,uuid,timestamp with time zone,timestamp with time zone,boolean,integer,uuid,integer) -> TABLE(id uuid, rank integer, marks json)
    find_transition_needs(uuid) -> TABLE(id uuid, origin text, state text, guide smallint, acute boolean)
    finish_task(text,uuid,timestamp with time zone) -> void
    finish_tasks(uuid,timestamp with time zone) -> void
    forecast_of(uuid,date,date) -> TABLE(on_day date, what text, function text, young_person_id uuid, basis_id uuid)
    free_places(text,date) -> integer
    group_members(uuid,date,date) -> bigint
    have_had(uuid[]) -> TABLE(young_person_id uuid, employee_id uuid, last_at timestamp with time zone)
    hotline_card(uuid,bytea) -> TABLE(young_person_id uuid, has_plan boolean, role text, name text, username text, unit text, telephone text, organisation text)
    intake_of(uuid,timestamp with time zone,uuid,integer) -> TABLE(id uuid, kind text, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, function text, since timestamp with time zone, from_day date, reason text, employee_id uuid, employee_name text, next_task_due date, overdue_tasks bigint, version bigint)
    intervention_files_at(uuid,timestamp with time zone) -> SETOF intervention_file
    interventions_under_way(uuid,date) -> bigint
    is_assessed(uuid,text) -> boolean
    is_being_logged(uuid) -> boolean
    kept_place(uuid,text) -> TABLE(ticket bigint, priority integer)
    list_gaps(date,uuid,integer) -> TABLE(plan_id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, gap_from date, asked_on date, employee_id uuid, employee_name text)
    list_tasks(boolean,boolean,boolean,date,uuid,integer) -> TABLE(id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, kind text, subject_id uuid, employee_id uuid, employee_name text, due_on date, original_due_on date, missed_on date, raised_at timestamp with time zone, version bigint)
    list_transition_needs(uuid,text,uuid,text,integer,boolean,date,date,date,uuid,integer) -> TABLE(id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, birth_date date, school text, origin text, guide smallint, acute boolean, state text, standing text, due_on date, raised_on date, unit_id uuid, unit_name text, last_meeting timestamp with time zone, next_meeting timestamp with time zone, receiving_unit_id uuid, receiving_unit_name text, coordinates_from date, accepted_at timestamp with time zone, passed_at timestamp with time zone, version bigint)
    list_young_people(uuid,uuid,integer,integer) -> TABLE(id uuid, basis_id uuid, areas integer, given_name text, family_name text, birth_date date, plan_id uuid, plan_state text, coordinating_department text, started_interventions bigint, target_group integer)
    lock_employees(uuid[]) -> void
    lock_group(uuid) -> void
    lock_meeting_room(uuid) -> void
    lock_next_coordinator(uuid) -> void
    lock_offer(text) -> void
    lock_people_of_contact(uuid,uuid) -> void
    meeting_clashes(uuid,uuid[],uuid,timestamp with time zone,timestamp with time zone,uuid) -> TABLE(what text, id uuid)
    merge_young_people(uuid,uuid,uuid,uuid,text) -> boolean
    move_written(uuid,uuid,text,uuid,uuid,uuid,text) -> boolean
    need_is_overdue(uuid) -> boolean
    open_session(uuid,uuid,text,bytea,timestamp with time zone,uuid) -> boolean
    open_to_receiver(uuid) -> void
    pass_coordination(uuid) -> TABLE(agreement_id uuid, department text, from_at timestamp with time zone)
    passable_bases(uuid,integer) -> SETOF access_basis
    passed_on_contacts(uuid,integer) -> TABLE(id uuid, logged_at timestamp with time zone)
    person_of_mine(bytea) -> uuid
    places_on(text,date) -> TABLE(places integer, started bigint, reserved bigint)
    plan_file_at(uuid,timestamp with time zone) -> SETOF plan_file
    plan_stage_for_provider(uuid) -> text
    planned_for(uuid) -> TABLE(intervention_id uuid, catalogue_code text, mentoring boolean, over boolean, from_day date, until_day date, sessions json)
    read_transition_need(uuid) -> TABLE(id uuid, young_person_id uuid, writing_unit_id uuid, origin text, guide smallint, acute boolean, reason text, raised_on date, state text, decided_on date, decided_words text, committee_on date, committee_words text, due date, wants_committee boolean, exempts boolean, last_at timestamp with time zone, next_at timestamp with time zone, version bigint, stored_version bigint)
    receiver_takes_part(uuid,uuid,uuid,uuid,uuid) -> boolean
    reckon_deadlines(uuid) -> void
    reckon_group_task(uuid,uuid,timestamp with time zone) -> void
    refuse_rights(uuid) -> void
    rotate_refresh_token(bytea,bytea,timestamp with time zone,uuid) -> TABLE(session_id uuid, employee_id uuid)
    rows_behind(text) -> TABLE(of_table regclass, looked_at text)
    running_interventions(uuid) -> bigint
    search_young_people(text,integer) -> TABLE(id uuid, basis_id uuid, given_name text, family_name text, birth_date date, score real)
    slots_ahead(uuid,uuid[],uuid,timestamp with time zone,timestamp with time zone,boolean,timestamp with time zone,uuid,integer) -> TABLE(slot_id uuid, free boolean)
    subscriber_of(bytea,timestamp with time zone) -> TABLE(subscription_id uuid, employee_id uuid)
    timeline(uuid,timestamp with time zone,uuid,integer) -> TABLE(recorded_at timestamp with time zone, id uuid, kind text, subject_id uuid, title text, information_area integer, actor_id uuid, actor_name text, unit_name text)
    undo_merge(uuid,text) -> boolean
    unit_deadlines(uuid,date,date) -> TABLE(month date, kind text, kept integer, broken integer)
    void_written(uuid,text,uuid,uuid,text) -> boolean
    wait_for_check(boolean) -> integer
    waiting_count(text) -> bigint
    waiting_line(text,integer) -> TABLE(intervention_id uuid, place_in_line bigint)
    window_demand() -> TABLE(window_id uuid, first_day date, last_day date, due integer, slots integer, free integer)
    ");
    assert_eq!(admin.column(&of_owner("enplan_figures")).await, [""; 0]);
}

#[tokio::test]
async fn the_application_registers_a_young_person_and_writes_for_its_own_units_only() {
    let database = town().await;
    let app = Prompt::of_app(&database).await;
    let registered = |unit: u64| {
        format!(
            "INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                 VALUES (#101, #{unit}, 'Åse', 'Ødegård', '2008-01-01', '{NOW}');
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id,
                     reason, granted_by_id, valid_from, arose)
                 VALUES (#201, #101, #{unit}, 'unit', 'registration', 7, #101, 'registered', #11, '{NOW}', 'registered');"
        )
    };
    app.begin(id(1011), NOW).await;
    app.run(&registered(2)).await;
    assert_eq!(
        app.column("SELECT id FROM search_young_people('ase odegaard', 9)").await,
        [id(101).to_string()]
    );
    app.rollback().await;

    let in_anothers_name = registered(3);
    let by_somebody_else = registered(2).replace("#11", "#12");
    for statement in [in_anothers_name, by_somebody_else] {
        app.begin(id(1011), NOW).await;
        assert_eq!(app.refusal(&statement).await.as_deref(), Some("42501"), "{statement}");
        app.rollback().await;
    }
}

/// AC-3, D-8: what was written stays its writer's, and about what it was.
#[tokio::test]
async fn ac_03_neither_writer_nor_area_of_a_row_changes() {
    let database = town().await;
    let app = Prompt::of_app(&database).await;
    for change in [
        "UPDATE plan SET writing_unit_id = #3",
        "UPDATE plan SET information_area = 8",
        "UPDATE young_person SET writing_unit_id = #3",
    ] {
        app.begin(id(1011), NOW).await;
        assert_eq!(app.refusal(change).await.as_deref(), Some("42501"), "{change}");
        app.rollback().await;
    }
    app.begin(id(1011), NOW).await;
    app.run("UPDATE plan SET writing_unit_id = writing_unit_id, purpose = 'Another'").await;
}

/// AC-4, A8: the organisation is changed by administrators; roles are ended, and revived by nobody.
#[tokio::test]
async fn a8_the_organisation_is_changed_by_administrators() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.load(ADMINISTRATOR).await;
    admin.load("UPDATE employee_role SET valid_to = '2026-11-01' WHERE id = #24").await;
    let app = Prompt::of_app(&database).await;
    let changed = async |session: u64, change: &str| {
        app.begin(id(session), NOW).await;
        let changed = app
            .rows(&format!("WITH done AS ({change} RETURNING 1) SELECT count(*) FROM done"))
            .await;
        app.rollback().await;
        changed[0][0].clone()
    };
    let deactivate = format!("UPDATE employee SET deactivated_at = '{NOW}' WHERE id = #13");
    let revive = "UPDATE employee_role SET valid_to = 'infinity' WHERE id = #24";
    let end = format!("UPDATE employee_role SET valid_to = '{NOW}' WHERE id = #23");
    assert_eq!(changed(1011, &deactivate).await, "0");
    assert_eq!(changed(1015, &deactivate).await, "1");
    assert_eq!(changed(1011, &end).await, "0");
    assert_eq!(changed(1015, &end).await, "1");
    assert_eq!(
        (changed(1011, revive).await, changed(1015, revive).await),
        ("0".into(), "0".into())
    );
    let prolong = "UPDATE employee_role SET valid_to = '2027-01-01' WHERE id = #23";
    app.begin(id(1015), NOW).await;
    assert_eq!(app.refusal(prolong).await.as_deref(), Some("42501"));
    app.rollback().await;

    let employ = "INSERT INTO employee (id, username, given_name, family_name) VALUES (#17, 'new', 'x', 'x')";
    app.begin(id(1011), NOW).await;
    assert_eq!(app.refusal(employ).await.as_deref(), Some("42501"));
    app.rollback().await;
    app.begin(id(1015), NOW).await;
    app.run(employ).await;
    // No role of the application may write an account.
    let account = format!("INSERT INTO account VALUES (#17, 'hash', '{NOW}', NULL)");
    assert_eq!(app.refusal(&account).await.as_deref(), Some("42501"));
}

/// Administrator 15, of the administration's unit 5.
const ADMINISTRATOR: &str = "
    INSERT INTO unit (id, code, name, department, path, operational)
        VALUES (#5, 'administration', 'Administration', 'administration', ARRAY[#5], false);
    INSERT INTO employee (id, username, given_name, family_name) VALUES (#15, 'admin', 'Eva', 'Admin');
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
        VALUES (#25, #15, 'administrator', #5, '2026-01-01');
    INSERT INTO session (id, employee_id, started_at, refreshed_at)
        VALUES (#1015, #15, '2026-11-22 09:00Z', '2026-11-22 09:00Z');
";

#[tokio::test]
async fn a8_nobody_gives_themselves_a_role() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.load("UPDATE employee_role SET valid_to = '2026-11-01' WHERE id = #21").await;
    admin.load(ADMINISTRATOR).await;
    let app = Prompt::of_app(&database).await;
    let propose = |whom: u64, by: u64| {
        format!(
            "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_by_id, requested_at)
             VALUES (#31, 'role', #{whom}, 'administrator', #1, #{by}, '{NOW}')"
        )
    };
    let own = Some("employee.own-rights");
    for (whom, by, refusal) in [(15, 15, own), (13, 15, None), (13, 11, Some("42501"))] {
        app.begin(id(1000 + by), NOW).await;
        assert_eq!(app.refusal(&propose(whom, by)).await.as_deref(), refusal, "{by} to {whom}");
        app.rollback().await;
    }

    // Nor do they prolong one that has ended; they may lay one down.
    app.begin(id(1011), NOW).await;
    app.run("UPDATE employee_role SET valid_to = 'infinity' WHERE id = #21").await;
    let held = format!("SELECT count(*) FROM employee_role WHERE id = #21 AND valid_to > '{NOW}'");
    assert_eq!(app.value(&held).await, "0");
    app.rollback().await;
    app.begin(id(1013), NOW).await;
    let laid_down = format!("UPDATE employee_role SET valid_to = '{NOW}' WHERE id = #23");
    assert_eq!(app.refusal(&laid_down).await, None);
}

/// AC-16: the policies by which the application writes rows of young people for other reasons than an access basis of
/// an allowed kind.
#[tokio::test]
async fn ac_16_every_change_asks_for_a_basis_of_a_kind_that_may() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let others = admin
        .column(
            "SELECT c.oid::regclass::text || ' ' || p.polname
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('young_person_id', 'young_people', 'birth_date')
               JOIN pg_policy p ON p.polrelid = c.oid AND 'enplan_app'::regrole = ANY (polroles) AND polcmd IN ('a', 'w', '*') AND polpermissive
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                AND coalesce(pg_get_expr(polwithcheck, c.oid), pg_get_expr(polqual, c.oid)) !~ 'access_basis.*kind = ANY .*participation.*information_area'
              ORDER BY 1",
        )
        .await;
    // A young person is registered before an access basis exists; a trigger protects the identity. The others belong to
    // no case.
    assert_snapshot!(others.join("\n"), @"
    access_basis app_insert
    access_entry app_insert
    event app_insert
    hotline_contact app_insert
    idempotency_key app
    young_person app_insert
    young_person app_update
    ");
}

/// AC-16, A4 and A5 at a SQL prompt: the kind and the areas of one basis decide what may be changed.
#[tokio::test]
async fn ac_16_kind_and_areas_decide_what_is_changed() {
    const CASEWORK: [&str; 3] = ["registration", "participation", "assignment"];
    let (database, session) = (town().await, id(1013));
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let changes = [
        ("UPDATE young_person SET given_name = 'x' WHERE id = #100", 1, ""),
        ("UPDATE plan SET purpose = 'x' WHERE id = #300", 2, ""),
        (
            "INSERT INTO journal_entry (id, young_person_id, information_area, writing_unit_id, kind, took_place_at, text, entered_by_id, entered_at)
             VALUES (gen_random_uuid(), #100, 2, #3, 'note', acting_now(), 'x', #13, acting_now())",
            2,
            "law consent break-glass",
        ),
        (
            "INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, name, place, state, started_on, source, recorded_at)
             VALUES (gen_random_uuid(), #100, #3, 'education', 'x', 'x', 'started', '2026-08-01', 'caseworker', acting_now())",
            4,
            "law",
        ),
    ];
    let kinds = [
        "registration",
        "participation",
        "assignment",
        "provision",
        "meeting",
        "consent",
        "law",
        "break-glass",
    ];
    for kind in kinds {
        for areas in [7, 6, 5, 3] {
            admin
                .load(&format!(
                    "DELETE FROM access_basis WHERE id = #209;
                     INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                     VALUES (#209, #100, #3, 'unit', '{kind}', {areas}, #209, 'x', '2026-11-01')"
                ))
                .await;
            for (change, area, also) in changes {
                app.begin(session, NOW).await;
                let done = app
                    .refusal(&format!(
                        "DO $$ BEGIN {change}; IF NOT FOUND THEN RAISE no_data_found; END IF; END $$"
                    ))
                    .await;
                app.rollback().await;
                let may = areas & area != 0
                    && (CASEWORK.contains(&kind) || also.split(' ').any(|one| one == kind));
                let refused =
                    done.as_deref().is_some_and(|code| ["42501", "P0002"].contains(&code));
                assert!(
                    may == done.is_none() && may != refused,
                    "{kind} {areas}: {change}: {done:?}"
                );
            }
        }
    }
}

/// AC-3, AC-16: the rows of another unit in health are changed only if the area is opened; a unit's own rows always.
#[tokio::test]
async fn ac_16_in_health_one_changes_ones_own() {
    let (database, session) = (town().await, id(1013));
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let thing = |id: u64, unit: u64| {
        format!(
            "INSERT INTO intervention (id, plan_id, young_person_id, information_area, writing_unit_id, providing_unit_id, title, area,
                 repeatable, state, planned_start, responsible_id, referred_at, holds_from)
             VALUES (#{id}, #300, #100, 8, #{unit}, #4, 'x', 'health', true, 'referred', '2026-12-01', #11, '2026-11-22 10:00:00+00', '2026-12-01');"
        )
    };
    admin.load(&(thing(401, 2) + &thing(402, 3))).await;
    for (areas, giver, reached) in
        [(7, "NULL", "402"), (15, "NULL", "401 402"), (15, "#2", "401 402"), (15, "#9", "402")]
    {
        admin
            .load(&format!(
                "DELETE FROM access_basis WHERE id = #209;
                 INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id, source_id, reason, valid_from)
                 VALUES (#209, #100, #3, 'unit', 'participation', {areas}, {giver}, #209, 'x', '2026-11-01')"
            ))
            .await;
        app.begin(session, NOW).await;
        let changed = app
            .column("UPDATE intervention SET title = 'y' WHERE plan_id = #300 RETURNING ltrim(replace(id::text, '-', ''), '0')")
            .await;
        app.rollback().await;
        let mut changed = changed;
        changed.sort();
        assert_eq!(changed.join(" "), reached, "{areas} {giver}");
    }
}
