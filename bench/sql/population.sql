-- A made-up municipality of `{people}` young people: each with a plan of three goals, two participating
-- units and four interventions; units of about 2,000 young people, whatever the whole. Run as the owner.
SET LOCAL app.now = '2026-11-22T09:00:00Z';
SET LOCAL session_replication_role = replica; -- the generator keeps the rules itself

INSERT INTO unit (id, code, name, department, parent_id, path, operational)
SELECT id, 'team-' || n, 'Team ' || n, (ARRAY['BU', 'JV', 'UU'])[n % 3 + 1], NULL, ARRAY[id], true
  FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, greatest(3, {people} / 1000)) n) u;

CREATE TEMP TABLE units AS SELECT id, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS many FROM unit WHERE code LIKE 'team-%';
CREATE INDEX ON units (n);

INSERT INTO employee (id, username, given_name, family_name)
SELECT gen_random_uuid(), 'employee-' || n, 'Employee', 'No ' || n FROM generate_series(0, {people} / 45) n;
CREATE TEMP TABLE employees AS SELECT id, row_number() OVER (ORDER BY username) - 1 AS n, count(*) OVER () AS many FROM employee WHERE username LIKE 'employee-%';
CREATE INDEX ON employees (n);
INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
SELECT gen_random_uuid(), e.id, CASE v.department WHEN 'BU' THEN 'adviser' WHEN 'UU' THEN 'counsellor' ELSE 'caseworker' END, u.id, '2026-01-01'
  FROM employees e JOIN units u ON u.n = e.n % u.many JOIN unit v ON v.id = u.id;
INSERT INTO session (id, employee_id, started_at, refreshed_at)
SELECT ('00000000-0000-7000-8000-' || lpad(e.n::text, 12, '0'))::uuid, e.id, '{now}', '{now}' FROM employees e;

INSERT INTO catalogue_entry (code, title, description, provider_unit_id, area, target_groups, company_oriented, repeatable, cannot_wait)
SELECT 'offer-' || o, 'Offer ' || o, 'An offer.', u.id, 'education', '{}', false, true, false
  FROM generate_series(0, 39) o JOIN units u ON u.n = o % u.many;

CREATE TEMP TABLE people AS
SELECT n, lpad(to_hex(n), 8, '0')::text || '-0000-7000-8000-' || substr(md5(n::text), 1, 12) AS id_text,
       n % (SELECT max(many) FROM units) AS home,
       (n + 1 + (n / 7) % ((SELECT max(many) FROM units) - 1)) % (SELECT max(many) FROM units) AS other,
       n % (SELECT max(many) FROM employees) AS worker
  FROM generate_series(1, {people}) n;
ALTER TABLE people ADD COLUMN id uuid, ADD COLUMN plan_id uuid;
UPDATE people SET id = id_text::uuid, plan_id = gen_random_uuid();
CREATE INDEX ON people (n);

INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
SELECT p.id, u.id,
       (ARRAY['Paw','Tinna','Søren','Åse','Mikkel','Freja','Jørgen','Kaja','Emil','Ida','Noah','Alma'])[p.n % 12 + 1],
       (ARRAY['Sørensen','Aagaard','Kjær','Nygård','Bæk','Lund','Møller','Østergaard','Holm','Dahl','Krogh','Juhl','Bro'])[p.n % 13 + 1] || ' ' || p.n % 997,
       date '2000-01-01' + (p.n % 4000)::int, '2026-01-01'
  FROM people p JOIN units u ON u.n = p.home;
INSERT INTO person_identifier (id, young_person_id, writing_unit_id, kind, cipher, digest, key_id, valid_from)
SELECT gen_random_uuid(), p.id, u.id, 'replacement', sha256(p.id_text::bytea), sha256(p.id_text::bytea), 1, '2026-01-01'
  FROM people p JOIN units u ON u.n = p.home;
INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
SELECT gen_random_uuid(), p.id, u.id, 'unit', k.kind, 7, CASE k.kind WHEN 'registration' THEN p.id ELSE gen_random_uuid() END, 'made up', '2026-01-01'
  FROM people p JOIN LATERAL (VALUES ('registration', p.home), ('participation', p.other)) k (kind, n) ON true JOIN units u ON u.n = k.n;
INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
SELECT gen_random_uuid(), p.id, e.id, 'employee', 'assignment', 7, gen_random_uuid(), 'made up', '2026-01-01'
  FROM people p JOIN employees e ON e.n = p.worker;
INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
SELECT p.id, '2026-01-01', u.id, 'JV' FROM people p JOIN units u ON u.n = p.home;
INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, own_words, opened_at, activated_at, next_review_on, review_set_on)
SELECT p.plan_id, p.id, u.id, 'active', 'A purpose for the whole of the plan, of a usual length.', 'I want to finish my training.', '2026-01-01', '2026-01-02',
       '2026-07-03', '2026-01-02'
  FROM people p JOIN units u ON u.n = p.home;
INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
SELECT p.plan_id, k.kind, '2026-01-01', p.id, u.id, e.id
  FROM people p JOIN units u ON u.n = p.home JOIN employees e ON e.n = p.worker CROSS JOIN (VALUES ('coordinator'), ('contact-person')) k (kind);
INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
SELECT gen_random_uuid(), p.plan_id, p.id, h.id, u.id, e.id, '2026-01-01'
  FROM people p JOIN units h ON h.n = p.home CROSS JOIN LATERAL (VALUES (p.home), (p.other)) k (n) JOIN units u ON u.n = k.n
  JOIN employees e ON e.n = p.worker;
INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
SELECT gen_random_uuid(), p.plan_id, p.id, u.id, (ARRAY['education','health','housing-and-economy'])[g], 'A result that is wished for, told in a sentence.', '2027-06-01', '2026-01-01'
  FROM people p JOIN units u ON u.n = p.home CROSS JOIN generate_series(1, 3) g;
INSERT INTO intervention (id, plan_id, young_person_id, information_area, writing_unit_id, providing_unit_id, catalogue_code, title, area,
                          repeatable, state, planned_start, responsible_id, referred_at, holds_from, started_on)
SELECT gen_random_uuid(), p.plan_id, p.id, 4, h.id, c.provider_unit_id, c.code, c.title, 'education', true,
       'started', '2026-02-01', e.id, '2026-01-03', '2026-02-01', '2026-02-01'
  FROM people p JOIN units h ON h.n = p.home JOIN employees e ON e.n = p.worker CROSS JOIN generate_series(0, 3) g
  JOIN catalogue_entry c ON c.code = 'offer-' || (p.n * 3 + g * 7) % 40;
