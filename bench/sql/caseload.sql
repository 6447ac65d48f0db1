-- One unit with {people} young people: sixty caseworkers who have 45 of them each under a norm of 50, every one given
-- on three times, a fifth beyond the norm or past that; five hundred in the intake. Run as the owner.
SET LOCAL app.now = '2026-11-22T09:00:00Z';
SET LOCAL session_replication_role = replica; -- the generator keeps the rules itself

INSERT INTO unit (id, code, name, department, parent_id, path, operational)
SELECT id, 'team-1', 'Team 1', 'JV', NULL, ARRAY[id], true FROM (SELECT gen_random_uuid() AS id) u;
CREATE TEMP TABLE home AS SELECT id FROM unit WHERE code = 'team-1';

-- The first 60 are caseworkers, the others leaders: those who ask.
INSERT INTO employee (id, username, given_name, family_name, employed_on)
SELECT gen_random_uuid(), 'employee-' || lpad(n::text, 4, '0'), 'Employee', 'No ' || n, date '2026-05-01' + (n % 200)::int
  FROM generate_series(0, 59 + {askers}) n;
CREATE TEMP TABLE employees AS SELECT id, row_number() OVER (ORDER BY username) - 1 AS n FROM employee WHERE username LIKE 'employee-%';
INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
SELECT gen_random_uuid(), e.id, CASE WHEN e.n < 60 THEN 'caseworker' ELSE 'team-leader' END, h.id, '2026-01-01' FROM employees e, home h;
INSERT INTO session (id, employee_id, started_at, refreshed_at)
SELECT ('00000000-0000-7000-8000-' || lpad((e.n - 59)::text, 12, '0'))::uuid, e.id, '{now}', '{now}' FROM employees e WHERE e.n >= 60;
INSERT INTO caseload_norm (id, unit_id, function, from_day, cases, reason, decision_no, decided_at)
SELECT gen_random_uuid(), h.id, 'caseworker', date '2026-01-01' + n * 30, 50 + n, 'made up', n + 1, '2026-01-01' FROM home h, generate_series(0, 11) n;
INSERT INTO caseload_terms (id, employee_id, unit_id, function, from_day, employment_share, reduction, reason, agreed_by_id, agreed_at)
SELECT gen_random_uuid(), e.id, h.id, 'caseworker', '2026-01-01', 80 + (e.n % 21)::int, (e.n % 3)::int, 'made up', e.id, '2026-01-01'
  FROM employees e, home h WHERE e.n < 60;
INSERT INTO cover (id, unit_id, absent_id, covered_by_id, from_day, until_day, reason, decided_by_id, decided_at)
SELECT gen_random_uuid(), h.id, a.id, b.id, '{now}'::date - 30, '{now}'::date + 300, 'made up', b.id, '2026-01-01'
  FROM home h, employees a, employees b WHERE a.n < 6 AND b.n = a.n + 10;

CREATE TEMP TABLE people AS
SELECT n, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || substr(md5(n::text), 1, 12))::uuid AS id FROM generate_series(1, {people}) n;
-- Of 14 to 30 years in the course of the months to come, so that about four of sixteen have one of the birthdays then.
INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
SELECT p.id, h.id, 'Young', p.n::text, '{now}'::date - 5200 - (p.n::bigint * 7919 % 5750)::int, '2026-02-01' FROM people p, home h;
INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
SELECT gen_random_uuid(), p.id, h.id, 'unit', 'registration', 7, p.id, 'made up', '2026-01-01' FROM people p, home h;
-- 2,700 cases that run, and three that ended before each of them.
INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at, planned_end,
                        exception_reason, exception_until, ended_at, end_reason)
SELECT gen_random_uuid(), p.id, h.id, h.id, e.id, 'caseworker', 'caseworker', timestamptz '2026-01-01' + g * interval '30 days',
       CASE WHEN p.n % 4 = 0 THEN '{now}'::date + (p.n % 365)::int END, CASE WHEN p.n % 10 = 0 THEN 'made up' END,
       CASE WHEN p.n % 10 = 0 THEN date '2026-03-01' + (g * 30)::int END,
       CASE WHEN g < 3 THEN timestamptz '2026-01-31' + g * interval '30 days' END, CASE WHEN g < 3 THEN 'handed over' END
  FROM people p CROSS JOIN home h CROSS JOIN generate_series(0, 3) g JOIN employees e ON e.n = (p.n + g) % 60 WHERE p.n <= 2700;
INSERT INTO intake_entry (id, young_person_id, writing_unit_id, unit_id, function, reason, from_day, entered_at)
SELECT gen_random_uuid(), p.id, h.id, h.id, 'caseworker', 'made up', '{now}'::date + (p.n % 365)::int, '2026-06-01'
  FROM people p, home h WHERE p.n BETWEEN 3001 AND 3500;
