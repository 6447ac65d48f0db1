{% from "interventions/macros.sql" import intervention_file_of %}
{% from "plans/macros.sql" import keep_history, plan_file_of %}

{{ keep_history("plan") }}

{{ keep_history("goal") }}

-- PL-11: a plan as it was at a moment. The caller's access bases are those of now.
{% set plans = "(SELECT * FROM plan_history k WHERE k.id = of_plan AND k.since <= moment ORDER BY k.history_no DESC LIMIT 1)" %}
{% set goals = "(SELECT DISTINCT ON (k.id) k.* FROM goal_history k WHERE k.plan_id = of_plan AND k.since <= moment
           ORDER BY k.id, k.history_no DESC)" %}
CREATE FUNCTION plan_file_at(of_plan uuid, moment timestamptz) RETURNS SETOF plan_file
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
{{ plan_file_of(plans, goals, "moment") }}
$$;
GRANT EXECUTE ON FUNCTION plan_file_at(uuid, timestamptz) TO enplan_app;

-- PL-11: the interventions of a plan as they were at a moment. The position on the waiting list is not stored.
{% set interventions = "(SELECT DISTINCT ON (k.id) k.* FROM intervention_history k WHERE k.plan_id = of_plan AND k.since <= moment
           ORDER BY k.id, k.history_no DESC)" %}
CREATE FUNCTION intervention_files_at(of_plan uuid, moment timestamptz) RETURNS SETOF intervention_file
LANGUAGE sql STABLE ROWS 5 SECURITY DEFINER SET search_path = public, pg_temp AS $$
{{ intervention_file_of(interventions, "moment", "NULL::bigint") }} ORDER BY i.referred_at, i.id
$$;
GRANT EXECUTE ON FUNCTION intervention_files_at(uuid, timestamptz) TO enplan_app;
