{% from "calendar/macros.sql" import day_of %}

{#- DL-3: every deadline that is in force now, of the young people `y` for whom the condition `whom` is true. Each one is derived
    from what is recorded; nothing of it is stored. Its columns are the kind and the subject of its task, the days on which it is
    one and the same deadline (`during`), the day that identifies it (`occasion`), the day from which its length runs, the day
    from which its task is asked for, and the time at which its act happened. Lengths are rows of `deadline_rule`. The deadlines
    of transitions are in transitions/deadlines.sql. -#}
{% macro case_deadlines(whom) -%}
    -- DL-1: a benefit begins.
    SELECT r.code AS kind, e.id AS subject_id, y.id AS young_person_id, 4 AS information_area, u.unit AS writing_unit_id,
           y.id AS about, NULL::uuid AS named_id, daterange(NULL, NULL) AS during, e.from_day AS occasion,
           e.from_day AS runs_from, e.from_day AS asked_on, spoken_with(y.id, start_of(e.from_day), case_units(y.id)) AS met_at
      FROM young_person y
      JOIN benefit_episode e ON e.young_person_id = y.id AND e.from_day <= acting_today()
           -- A benefit that began more than eight weeks (chosen) before it was recorded is history.
           AND e.from_day >= {{ day_of("e.recorded_at") }} - 56
           AND (e.to_day >= acting_today()) IS NOT FALSE
      JOIN deadline_rule r ON r.starts_from = 'benefit' AND e.kind = ANY (r.of) AND daterange(r.valid_from, r.valid_to, '[]') @> e.from_day
     CROSS JOIN LATERAL (SELECT case_unit(y.id) AS unit) u
     WHERE {{ whom }} AND NOT EXISTS (SELECT FROM benefit_episode b
        WHERE b.young_person_id = y.id AND b.kind = e.kind AND b.to_day = e.from_day - 1)
    UNION ALL
    -- DL-1: an intervention of certain catalogue entries starts. It requires a company-oriented one.
    SELECT r.code, i.id, y.id, i.information_area, i.writing_unit_id, i.id, NULL, daterange(NULL, NULL),
           i.started_on, i.started_on, i.started_on,
           (SELECT start_of(min(w.started_on)) FROM intervention w
              JOIN catalogue_entry c ON c.code = w.catalogue_code AND c.company_oriented
             WHERE w.young_person_id = y.id AND w.started_on >= i.started_on)
      FROM young_person y
      JOIN intervention i ON i.young_person_id = y.id AND i.state = 'started' AND i.started_on <= acting_today()
      JOIN deadline_rule r ON r.starts_from = 'intervention-started' AND i.catalogue_code = ANY (r.of)
           AND daterange(r.valid_from, r.valid_to, '[]') @> i.started_on
     WHERE {{ whom }}
    UNION ALL
    -- HL-9: a 15-17-year-old does not follow the plan: a conversation, then an activity.
    SELECT k.kind, c.id, y.id, c.information_area, c.writing_unit_id, y.id, NULL, daterange(NULL, NULL),
           c.from_day, k.runs_from, k.runs_from, k.met_at
      FROM young_person y
      JOIN clock_of_activity c ON c.young_person_id = y.id
     CROSS JOIN LATERAL (VALUES
        ('contact-young-person', c.from_day, c.spoken_at),
        ('start-activity', c.spoken_on, start_of(c.active_on))) k (kind, runs_from, met_at)
     WHERE {{ whom }} AND k.runs_from IS NOT NULL AND (k.met_at IS NOT NULL OR age_on(y.birth_date, acting_today()) < 18)
    UNION ALL
    -- AB-1: a spell of absence: early contact by the institution, then the coordinator's answer and UU's guidance.
    SELECT k.kind, i.id, y.id, i.information_area, k.unit_id, k.about, k.named_id, s.during, lower(s.during), known.day, known.day,
           CASE WHEN k.kind <> 'contact-absent' THEN spoken_with(y.id, start_of(known.day), k.spoken_by) END
      FROM young_person y
      JOIN intervention i ON i.young_person_id = y.id AND i.started_on IS NOT NULL
           AND (EXISTS (SELECT FROM absence a WHERE a.intervention_id = i.id)
                OR EXISTS (SELECT FROM attendance a WHERE a.intervention_id = i.id AND a.presence = 'absent'))
      JOIN plan p ON p.id = i.plan_id AND (p.state <> 'closed' OR i.carried_on_by_id IS NOT NULL)
      JOIN unit provider ON provider.id = i.providing_unit_id
      JOIN unit own ON own.id = coalesce(i.carried_on_by_id, p.writing_unit_id)
     CROSS JOIN LATERAL absence_spells(i.id) s
     CROSS JOIN LATERAL (
        SELECT 'contact-absent' AS kind, provider.id AS unit_id, NULL::uuid AS about, NULL::uuid AS named_id, NULL::uuid[] AS spoken_by,
               greatest(early.last + 1, absence_known_on(i.id, lower(s.during), early.last)) AS known_on
          FROM add_working_days(lower(s.during) - 1, provider.early_absence_days) early (last)
         WHERE provider.early_absence_days IS NOT NULL AND i.state = 'started' AND s.last_day >= early.last
        UNION ALL
        SELECT r.code, u.unit_id, u.about, u.named_id, u.spoken_by, least(long.known_on, (SELECT min(greatest(t.dropped_out_on, t.last_told_on))
                 FROM absences_told(i.id) t WHERE t.dropped_out_on IS NOT NULL AND t.from_day <@ s.during))
          FROM deadline_rule r
         CROSS JOIN LATERAL (
            SELECT coalesce(i.carried_on_by_id, i.writing_unit_id) AS unit_id, i.id AS about, NULL::uuid AS named_id, NULL::uuid[] AS spoken_by
             WHERE r.whose = 'coordinator'
            UNION ALL
            -- UU guides young people who stay away from a school or similar and live here.
            SELECT g.unit_id, NULL, g.employee_id, (SELECT array_agg(w.id) FROM unit w WHERE w.department = 'UU')
              FROM guidance_for(p.id) g
             WHERE r.whose = 'uu' AND own.department <> 'UU' AND provider.department = 'institution' AND i.information_area = 4
               AND NOT EXISTS (SELECT FROM absence a WHERE a.intervention_id = i.id AND a.municipality_code IS NOT NULL
                               AND a.from_day <@ s.during)) u
          LEFT JOIN LATERAL (SELECT greatest(reached.day, absence_known_on(i.id, lower(s.during), reached.day - 1)) AS known_on
                FROM (SELECT lower(s.during) + r.asked_after AS day) reached
               WHERE i.state = 'started' AND s.last_day >= reached.day - 1) long ON true
         WHERE r.starts_from = 'absence' AND r.asked_after > 0 AND daterange(r.valid_from, r.valid_to, '[]') @> lower(s.during)) k
     -- Nobody answers before it is known. A task is not created again because more is reported.
     CROSS JOIN LATERAL (SELECT least(k.known_on, (SELECT min({{ day_of("t.made_at") }}) FROM task t
            WHERE t.subject_id = i.id AND t.kind = k.kind AND t.occasion <@ s.during)) AS day) known
     -- An absence that had been over for more than eight weeks (chosen) when it was reported is history.
     WHERE {{ whom }} AND known.day <= s.last_day + 56
    UNION ALL
    -- AB-2: an active plan has nothing running or agreed.
    SELECT 'close-gap', p.id, y.id, p.information_area, p.writing_unit_id, p.id, NULL, daterange(g.gap_from, NULL),
           g.gap_from, g.asked_on, g.asked_on, g.met_at
      FROM young_person y
      JOIN plan p ON p.young_person_id = y.id AND p.state = 'active'
           AND (NOT EXISTS (SELECT FROM intervention i WHERE i.plan_id = p.id AND i.state IN ('referred', 'waiting', 'offered', 'started'))
                OR EXISTS (SELECT FROM task t WHERE t.kind = 'close-gap' AND t.subject_id = p.id AND t.done_at IS NULL))
     CROSS JOIN LATERAL plan_gap(p.id) g
     WHERE {{ whom }}
{%- endmacro %}
