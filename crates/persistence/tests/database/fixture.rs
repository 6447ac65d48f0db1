//! A small town that hand-made cases begin with.

use crate::sql::Prompt;
use test_support::TestDatabase;

/// Directorate 1 with teams 2 and 3 below it, institution 4, and 9 of UU. Caseworkers 11 (of 2) and 13 (of 3),
/// head 12 (of 1), counsellor 14 (of 4); the session of 11 is 1011, and so on. Young person 100 of
/// team 2, by basis 200, with the draft plan 300; what institution 4 offers cannot wait.
const TOWN: &str = "
    INSERT INTO unit (id, code, name, department, parent_id, path, operational) VALUES
        (#1, 'directorate', 'Directorate', 'JV', NULL, ARRAY[#1], false),
        (#2, 'team-a', 'Team A', 'JV', #1, ARRAY[#1, #2], true),
        (#3, 'team-b', 'Team B', 'JV', #1, ARRAY[#1, #3], true),
        (#4, 'school', 'School', 'institution', NULL, ARRAY[#4], true),
        (#9, 'uu', 'UU', 'UU', NULL, ARRAY[#9], true);
    INSERT INTO employee (id, username, given_name, family_name)
        SELECT lpad(n::text, 32, '0')::uuid, 'e' || n, 'Employee', n::text FROM generate_series(11, 14) n;
    INSERT INTO session (id, employee_id, started_at, refreshed_at)
        SELECT lpad((1000 + n)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid,
               '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00' FROM generate_series(11, 14) n;
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from) VALUES
        (#21, #11, 'caseworker', #2, '2026-01-01'),
        (#22, #12, 'department-head', #1, '2026-01-01'),
        (#23, #13, 'caseworker', #3, '2026-01-01'),
        (#24, #14, 'institution-counsellor', #4, '2026-01-01');

    INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
        VALUES (#100, #2, 'Freja', 'Holm', '2008-02-29', '2026-11-01');
    INSERT INTO person_identifier (id, young_person_id, writing_unit_id, kind, cipher, digest, key_id, valid_from)
        VALUES (#150, #100, #2, 'cpr', '', 'digest', 1, '2026-11-01');
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        VALUES (#200, #100, #2, 'unit', 'registration', 7, #100, 'registered', '2026-11-01');
    INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
        VALUES (#100, '2026-11-02', #2, 'JV');
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at)
        VALUES (#300, #100, #2, 'draft', 'To find a way', '2026-11-02');

    INSERT INTO catalogue_entry (code, title, description, provider_unit_id, area, target_groups, company_oriented,
            repeatable, cannot_wait) VALUES
        ('stigen', 'STIGEN', '', #4, 'education', '{}', false, false, true),
        ('internship', 'Internship', '', #4, 'employment', '{}', true, true, true);
";

/// A database with that town in it.
pub async fn town() -> TestDatabase {
    let database = TestDatabase::new().await;
    Prompt::of_admin(&database).await.load(TOWN).await;
    database
}

/// A referral of a young person to an offer of institution 4, holding a place from a day on.
pub fn referral(id: u64, (plan, person): (u64, u64), offer: &str, from: &str) -> String {
    format!(
        "INSERT INTO intervention (id, plan_id, young_person_id, information_area, writing_unit_id, providing_unit_id,
            catalogue_code, title, area, repeatable, state, planned_start, responsible_id, referred_at, holds_from)
         SELECT #{id}, #{plan}, #{person}, 4, #2, e.provider_unit_id, e.code, e.title, e.area, e.repeatable,
            'referred', '{from}', #11, '2026-11-22 10:00:00+00', '{from}' FROM catalogue_entry e WHERE e.code = '{offer}';"
    )
}
