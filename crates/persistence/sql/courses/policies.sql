{% from "access/macros.sql" import is_own, protect_as_intervention, recorded_while_it_runs %}

{{ protect_as_intervention("intervention_company") }}
{{ recorded_while_it_runs("intervention_company") }}
GRANT SELECT, INSERT ON intervention_company TO enplan_app, enplan_worker;

{{ protect_as_intervention("intervention_hours") }}
{{ recorded_while_it_runs("intervention_hours") }}
GRANT SELECT, INSERT ON intervention_hours TO enplan_app, enplan_worker;

{{ protect_as_intervention("intervention_session") }}
{{ recorded_while_it_runs("intervention_session", ending="replaced_at") }}
GRANT SELECT, INSERT, UPDATE (replaced_at) ON intervention_session TO enplan_app, enplan_worker;

-- Everybody who is signed in sees groups. The providing unit creates them.
CREATE POLICY app_read ON intervention_group FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON intervention_group FOR INSERT TO enplan_app
    WITH CHECK ({{ is_own("provider_unit_id") }});
CREATE POLICY app_update ON intervention_group FOR UPDATE TO enplan_app
    USING ({{ is_own("provider_unit_id") }});
CREATE POLICY worker ON intervention_group TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (title, to_day, size, version) ON intervention_group TO enplan_app, enplan_worker;

CREATE POLICY app_read ON group_session FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON group_session FOR INSERT TO enplan_app WITH CHECK (EXISTS (SELECT FROM intervention_group g
    WHERE g.id = group_session.group_id AND {{ is_own("g.provider_unit_id") }}));
CREATE POLICY app_update ON group_session FOR UPDATE TO enplan_app USING (EXISTS (SELECT FROM intervention_group g
    WHERE g.id = group_session.group_id AND {{ is_own("g.provider_unit_id") }}));
CREATE POLICY worker ON group_session TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (replaced_at) ON group_session TO enplan_app, enplan_worker;

{{ protect_as_intervention("group_member") }}
{{ recorded_while_it_runs("group_member", ending="until_day, left_at") }}
GRANT SELECT, INSERT, UPDATE (until_day, left_at) ON group_member TO enplan_app, enplan_worker;
