-- The need of a transition meeting of every young person there is, all of them seen by one unit that receives: most are to be met
-- about, some late, some settled; a school for each, a booked meeting for one in eight, a receiver for one in ten, and two windows
-- with forty rooms of four slots a day. Run as the owner.
SET LOCAL app.now = '2026-11-22T09:00:00Z';
SET LOCAL session_replication_role = replica; -- the generator keeps the rules itself

CREATE TEMP TABLE receiving ON COMMIT DROP AS
SELECT r.unit_id AS id, s.employee_id FROM session s JOIN employee_role r ON r.employee_id = s.employee_id
 WHERE s.id = '{session}' LIMIT 1;
UPDATE unit SET receives_needs = true WHERE id IN (SELECT id FROM receiving);
CREATE TEMP TABLE people ON COMMIT DROP AS
SELECT y.id, row_number() OVER (ORDER BY y.id)::int AS n FROM young_person y;
-- Of 14 to 19 years.
UPDATE young_person y SET birth_date = date '2007-11-01' + (p.n * 7919) % 1700 FROM people p WHERE p.id = y.id;
INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
SELECT gen_random_uuid(), p.id, r.id, 'unit', 'law', 7, gen_random_uuid(), 'made up', '2026-01-01' FROM people p CROSS JOIN receiving r;
INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, name, place, grade, state, started_on, source, recorded_at)
SELECT gen_random_uuid(), p.id, r.id, 'school', NULL, 'Skole ' || p.n % 40, 9, 'started', '2026-08-01', 'register', '2026-08-01'
  FROM people p CROSS JOIN receiving r;
INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, guide, acute, reason, raised_on, raised_by_id, state, decided_on, decided_by_id)
SELECT gen_random_uuid(), p.id, (SELECT y.writing_unit_id FROM young_person y WHERE y.id = p.id), 'by-hand', 17, false, 'made up', '2026-06-01',
       r.employee_id, CASE p.n % 5 WHEN 0 THEN 'held' ELSE 'open' END, CASE p.n % 5 WHEN 0 THEN date '2026-10-01' END,
       CASE p.n % 5 WHEN 0 THEN r.employee_id END
  FROM people p CROSS JOIN receiving r;
INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from, coordinates_from, agreed_at, agreed_by_id)
SELECT gen_random_uuid(), n.id, n.young_person_id, n.writing_unit_id, r.id, '2026-12-01', '2027-06-01', '2026-11-01', r.employee_id
  FROM transition_need n JOIN people p ON p.id = n.young_person_id CROSS JOIN receiving r WHERE p.n % 10 = 0;
INSERT INTO meeting_room (id, unit_id, name, place) SELECT gen_random_uuid(), r.id, 'Lokale ' || n, 'Hus ' || n FROM receiving r, generate_series(1, 40) n;
INSERT INTO meeting_window (id, unit_id, first_day, last_day)
SELECT gen_random_uuid(), r.id, d, d + 11 FROM receiving r, unnest(ARRAY[date '{from}', date '{from}' + 182]) d;
INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at)
SELECT gen_random_uuid(), w.id, m.id, t.at, t.at + interval '1 hour'
  FROM meeting_window w, meeting_room m, generate_series(0, 9) d, unnest(ARRAY[9, 11, 13, 15]) h
 CROSS JOIN LATERAL (SELECT (w.first_day + d + d / 5 * 2 + make_interval(hours => h)) AT TIME ZONE 'Europe/Copenhagen' AS at) t;
INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, slot_id, room_id, starts_at, ends_at, called_by_id, called_at, changed_at)
SELECT gen_random_uuid(), n.young_person_id, n.writing_unit_id, 'transition', n.id, s.id, s.room_id, s.starts_at, s.ends_at, r.employee_id,
       '2026-11-01', '2026-11-01'
  FROM (SELECT n.*, row_number() OVER (ORDER BY n.id) AS at FROM transition_need n JOIN people p ON p.id = n.young_person_id
         WHERE n.state = 'open' AND p.n % 8 = 1) n
  JOIN (SELECT s.*, row_number() OVER (ORDER BY s.starts_at, s.room_id) AS at FROM meeting_slot s) s ON s.at = n.at CROSS JOIN receiving r;
INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, party, unit_id, employee_id, invited_at)
SELECT gen_random_uuid(), m.id, m.young_person_id, m.writing_unit_id, m.busy, 'employee', r.unit_id, r.employee_id, '2026-11-01'
  FROM (SELECT m.*, row_number() OVER (PARTITION BY m.starts_at ORDER BY m.id) AS at FROM meeting m) m
  JOIN (SELECT r.employee_id, min(r.unit_id::text)::uuid AS unit_id, row_number() OVER (ORDER BY r.employee_id) AS at FROM employee_role r
         GROUP BY r.employee_id) r ON r.at = m.at
