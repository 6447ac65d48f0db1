{% from "access/macros.sql" import bases_of, may_see_in_view %}
{% from "plans/macros.sql" import goal_columns, plan_file_of %}

-- A plan with its roles, goals, participants and links as they are now.
CREATE VIEW plan_file WITH (security_barrier) AS
{{ plan_file_of("plan", "goal", "(SELECT acting_now())") }};
GRANT SELECT ON plan_file TO enplan_app;

-- A goal with the latest score of each voice (PL-4).
CREATE VIEW goal_file WITH (security_barrier) AS SELECT {{ goal_columns("(SELECT acting_now())") }} FROM goal g JOIN LATERAL {{ bases_of("g.young_person_id") }} a ON true
 WHERE {{ may_see_in_view("g", "a") }};
GRANT SELECT ON goal_file TO enplan_app;
