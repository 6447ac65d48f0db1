-- A made-up hotline of `{contacts}` contacts, the older the nearer to the beginning, on one unit's list: summaries of some twenty
-- words, of 20,000 of which the first are as common as in any language. One in three is tied to a young person. Run as the owner.
SET LOCAL app.now = '2026-11-22T09:00:00Z';
SET LOCAL session_replication_role = replica; -- the generator keeps the rules itself

INSERT INTO unit (id, code, name, department, path, operational)
VALUES ('00000000-0000-7000-8000-0000000000aa', 'bench-hotline', 'Hotline', 'UU', ARRAY['00000000-0000-7000-8000-0000000000aa'::uuid], true);
INSERT INTO hotline_duty (duty, unit_id) SELECT duty, '00000000-0000-7000-8000-0000000000aa' FROM unnest(ARRAY['contacts', 'concerns']) duty;
INSERT INTO employee (id, username, given_name, family_name)
VALUES ('00000000-0000-7000-8000-0000000000ab', 'bench-hotline', 'Emma', 'Prøve');
INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
VALUES ('00000000-0000-7000-8000-0000000000ac', '00000000-0000-7000-8000-0000000000ab', 'hotline', '00000000-0000-7000-8000-0000000000aa', '2026-01-01');
INSERT INTO session (id, employee_id, started_at, refreshed_at)
VALUES ('00000000-0000-7000-8000-0000000000ad', '00000000-0000-7000-8000-0000000000ab', '{now}', '{now}');

-- The first of them are a hotline's, all others made of syllables.
CREATE TEMP TABLE vocabulary ON COMMIT DROP AS
SELECT n, coalesce((ARRAY['og','er','i','til','har','på','ikke','med','skolen','unge','praktik','fravær','misbrug','økonomi','vejleder','bolig',
                          'uddannelse','mentor','kontakt','psykolog'])[n],
       (SELECT string_agg((ARRAY['ba','de','fri','gla','hol','ku','lyn','må','ner','op','pla','ring','sko','trø','vej','ø'])[1 + (hashint8(n * 31 + s) & 15)], '')
          FROM generate_series(1, 2 + n % 3) s) || CASE WHEN n % 7 = 0 THEN 'en' ELSE '' END) AS word
  FROM generate_series(1, 20000) n;
CREATE INDEX ON vocabulary (n);
CREATE TEMP TABLE phrases ON COMMIT DROP AS
SELECT p, string_agg(v.word, ' ') AS told
  FROM (SELECT p, 1 + floor(exp(random() * ln(20000)))::int % 20000 AS n FROM generate_series(0, 65535) p, generate_series(1, 5)) w
  JOIN vocabulary v USING (n) GROUP BY p;
CREATE UNIQUE INDEX ON phrases (p);
ANALYZE phrases;

INSERT INTO hotline_contact (id, young_person_id, information_area, writing_unit_id, logging_unit_id, caller_kind, institution_id, channel, topic, urgency,
                             summary, called_at, logged_at, logged_by_id, only_information, plan_not_followed, due_at, state, owner_id, taken_at,
                             answered_at, closed_at)
SELECT (lpad(to_hex(c.n), 12, '0') || '70008000' || substr(md5(c.n::text), 1, 12))::uuid,
       CASE WHEN c.n % 3 = 0 THEN (SELECT y.id FROM young_person y WHERE y.id >= (lpad(to_hex(1 + c.n % 1000), 8, '0') || '-0000-7000-8000-000000000000')::uuid ORDER BY y.id LIMIT 1) END,
       4, '00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-0000000000aa',
       (ARRAY['institution','relative','young-person','colleague'])[1 + c.n % 4], NULL, 'phone',
       (ARRAY['drop-out-risk','absence','economy','substance-abuse','wellbeing','housing','guidance','other'])[1 + c.n % 8], 'normal',
       (SELECT string_agg(p.told, ' ') FROM generate_series(0, 3) s JOIN phrases p ON p.p = hashint8(c.n * 4 + s) & 65535),
       c.at, c.at, '00000000-0000-7000-8000-0000000000ab', false, false, c.at + interval '7 days', 'closed',
       '00000000-0000-7000-8000-0000000000ab', c.at, c.at, c.at
  FROM (SELECT n, timestamptz '2016-11-22' + n * (interval '10 years' / {contacts}) AS at FROM generate_series(1, {contacts}) n OFFSET 0) c;
INSERT INTO hotline_word SELECT DISTINCT '00000000-0000-7000-8000-0000000000aa'::uuid, fold_name(word) FROM vocabulary WHERE length(fold_name(word)) BETWEEN 4 AND 100 ON CONFLICT DO NOTHING;
