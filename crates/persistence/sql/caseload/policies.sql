{% from "access/macros.sql" import is_own, protect %}

-- Everybody who is signed in sees norms. The unit sees what was agreed with its employees and who is absent; its leaders
-- decide.
CREATE POLICY app_read ON caseload_norm FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON caseload_norm FOR INSERT TO enplan_app
    WITH CHECK (acting_leads(unit_id) AND decided_by_id = (SELECT acting_employee()));
CREATE POLICY worker ON caseload_norm TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON caseload_norm TO enplan_app, enplan_worker;

CREATE POLICY app_read ON caseload_terms FOR SELECT TO enplan_app USING (acting_leads(unit_id) OR employee_id = (SELECT acting_employee()));
CREATE POLICY app_insert ON caseload_terms FOR INSERT TO enplan_app
    WITH CHECK (acting_leads(unit_id) AND agreed_by_id = (SELECT acting_employee()));
CREATE POLICY worker ON caseload_terms TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON caseload_terms TO enplan_app, enplan_worker;

CREATE POLICY app_read ON cover FOR SELECT TO enplan_app USING ({{ is_own("unit_id") }});
CREATE POLICY app_insert ON cover FOR INSERT TO enplan_app
    WITH CHECK (acting_leads(unit_id) AND decided_by_id = (SELECT acting_employee()));
CREATE POLICY app_update ON cover FOR UPDATE TO enplan_app
    USING (ended_at IS NULL AND acting_leads(unit_id)) WITH CHECK (ended_at <= (SELECT acting_now()));
CREATE POLICY worker ON cover TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (ended_at, version) ON cover TO enplan_app;
GRANT SELECT, INSERT ON cover TO enplan_worker;

-- The employee and the function of an assignment are set once.
{{ protect("assignment") }}
-- CL-3: only the unit's leader may go beyond the norm. A case is assigned to employees of the caller's own units, or to the
-- employee who coordinates the plan (PL-17). An assignment never begins in the future.
CREATE POLICY app_assigns_own ON assignment AS RESTRICTIVE FOR INSERT TO enplan_app
    WITH CHECK (({{ is_own("unit_id") }} OR colleague_coordinates(employee_id, young_person_id))
                AND (exception_until IS NULL OR acting_leads(unit_id, 'team-leader')) AND began_at <= (SELECT acting_now()));
CREATE POLICY app_ends_own ON assignment AS RESTRICTIVE FOR UPDATE TO enplan_app
    USING ({{ is_own("unit_id") }}) WITH CHECK (ended_at <= greatest((SELECT acting_now()), began_at) IS NOT FALSE);
GRANT SELECT, INSERT, UPDATE (ended_at, end_reason, version) ON assignment TO enplan_app;
GRANT SELECT, INSERT ON assignment TO enplan_worker;

{{ protect("intake_entry") }}
-- The unit whose intake queue it is takes the entry out, or the unit that entered it.
CREATE POLICY app_leaves_own ON intake_entry AS RESTRICTIVE FOR UPDATE TO enplan_app
    USING (ARRAY[unit_id, writing_unit_id] && (SELECT acting_holders())::uuid[]) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (left_at, left_because, left_reason, version) ON intake_entry TO enplan_app;
GRANT SELECT, INSERT ON intake_entry TO enplan_worker;
