{#- Counts the rows of `people` that `rule` looks at into `sum`, as far as the current role sees them. The tables are rows of
    `rows_behind`, therefore the statement is dynamic. -#}
{% macro count_rows_behind() -%}
FOR behind IN SELECT * FROM rows_behind(rule) LOOP
        EXECUTE format('SELECT count(*) FROM %s t WHERE t.young_person_id = ANY ($1) AND %s', behind.of_table, behind.looked_at)
           INTO counted USING people;
        sum := sum + counted;
    END LOOP;
{%- endmacro %}

-- AC-18: the rows of a young person that a rule over rows looks at, by the name of the rule. So a refusal states only
-- facts that the caller sees. Every named rule is either here, or in the table of the test
-- `a09_ac_18_every_rule_over_rows_is_classified`, with the reason why it reveals nothing hidden.
CREATE FUNCTION rows_behind(rule text) RETURNS TABLE (of_table regclass, looked_at text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.of_table, k.looked_at FROM (VALUES
        ('plan.already-open', 'plan'::regclass, 't.state <> ''closed'''),
        ('plan.interventions-running', 'intervention', 't.state IN (''referred'', ''waiting'', ''offered'', ''started'')'),
        ('plan.already-participating', 'plan_participant', 't.left_at IS NULL'),
        ('participation.interventions-running', 'intervention', 't.state IN (''referred'', ''waiting'', ''offered'', ''started'')'),
        ('plan.coordinator-without-case', 'plan', 't.state = ''active'''),
        ('goal.progress-already-told', 'goal_progress', 'true'),
        ('benefit.overlap', 'benefit_episode', 't.leads'),
        ('benefit.leading-missing', 'benefit_episode', 'true'),
        ('target-group.not-defined', 'benefit_episode', 'true'),
        ('target-group.not-defined', 'readiness', 'true'),
        ('sanction.day-out-of-range', 'sanction', 'true'),
        ('sanction.day-out-of-range', 'benefit_episode', 'true'),
        ('residence.already-told', 'residence', 'true'),
        ('follow-up.not-left', 'benefit_episode', 'true'),
        ('follow-up.not-left', 'plan', 'true'),
        ('follow-up.already-taken', 'follow_up', 'true'),
        ('intervention.already-running', 'intervention', 't.state IN (''referred'', ''waiting'', ''offered'', ''started'')'),
        ('assignment.already-assigned', 'assignment', 't.ended_at IS NULL'),
        ('intake.already-waiting', 'intake_entry', 't.left_at IS NULL'),
        ('activity-clock.already-running', 'activity_clock', 'true'),
        ('support-need.already-told', 'support_need', 'true'),
        ('transition-need.already-open', 'transition_need', 't.state IN (''to-judge'', ''open'')'),
        ('transition-need.committee-told', 'transition_committee', 'true'),
        ('transition-need.committee-missing', 'support_need', 'true'),
        ('transition-need.not-exempt', 'support_need', 'true'),
        ('transition-need.in-preparation', 'meeting', 't.state = ''planned'''),
        ('transition-need.in-preparation', 'responsibility_agreement', 't.replaced_at IS NULL'),
        ('transition-referral.already-made', 'transition_referral', 'true'),
        ('responsibility.already-held', 'statutory_responsibility', 'true'),
        ('responsibility.already-agreed', 'responsibility_agreement', 't.passed_at IS NULL AND t.replaced_at IS NULL'),
        ('network-meeting.already-registered', 'pregnancy', 't.born_on IS NULL AND t.ended_on IS NULL'),
        ('meeting.already-booked', 'meeting', 't.state <> ''cancelled'''),
        ('meeting.double-booked', 'meeting', 't.state <> ''cancelled'''),
        ('merge.two-open-plans', 'plan', 't.state <> ''closed''')) k (of_rule, of_table, looked_at)
     WHERE k.of_rule = split_part(rule, ':', 1)
    UNION ALL
    -- Rows of any table may belong to the row that is corrected.
    SELECT h.of_table, 'true' FROM hangs_on_a_person() h JOIN pg_attribute a ON a.attrelid = h.of_table AND a.attname = 'information_area'
     WHERE rule = 'correction.others-writing'
$$;
GRANT EXECUTE ON FUNCTION rows_behind(text) TO enplan_app;

-- The number of rows of these young people that a rule looks at. It includes hidden rows, so the function is SECURITY
-- DEFINER and returns only a number, and NULL if the caller has no access basis for one of them.
CREATE FUNCTION count_behind(rule text, people uuid[]) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    behind record;
    counted bigint;
    sum bigint := 0;
BEGIN
    IF EXISTS (SELECT FROM unnest(people) person WHERE NOT is_for_acting(person)) THEN
        RETURN NULL;
    END IF;
    {{ count_rows_behind() }}
    RETURN sum;
END $$;
GRANT EXECUTE ON FUNCTION count_behind(text, uuid[]) TO enplan_app;

-- Does the caller see all rows that a rule looks at? If so, a refusal states the rule.
CREATE FUNCTION sees_behind(rule text, people uuid[]) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    behind record;
    counted bigint;
    sum bigint := 0;
BEGIN
    {{ count_rows_behind() }}
    RETURN sum = count_behind(rule, people) IS TRUE;
END $$;
GRANT EXECUTE ON FUNCTION sees_behind(text, uuid[]) TO enplan_app;

-- The unit to ask about hidden rows: the unit that opened the plan, otherwise the unit that registered the young person, as far
-- as these are visible to the caller. Otherwise it is the hotline, which may always be named. It is never one of the caller's own
-- units.
CREATE FUNCTION whom_to_ask(people uuid[]) RETURNS TABLE (unit_id uuid, name text) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT u.id, u.name
      FROM (SELECT p.writing_unit_id AS id, 1 AS nearest FROM plan p WHERE p.young_person_id = ANY (people) AND p.state <> 'closed'
            UNION ALL SELECT y.writing_unit_id, 2 FROM young_person y WHERE y.id = ANY (people)
            UNION ALL SELECT d.unit_id, 3 FROM hotline_duty d WHERE d.duty = 'contacts') asked
      JOIN unit u ON u.id = asked.id
     WHERE u.id <> ALL (acting_holders())
     ORDER BY asked.nearest LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION whom_to_ask(uuid[]) TO enplan_app;
