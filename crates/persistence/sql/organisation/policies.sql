GRANT SELECT ON unit TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON unit TO enplan_worker;

-- Everybody who is signed in sees the organisation. Nobody else does.
CREATE POLICY app_read ON employee FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON employee FOR INSERT TO enplan_app WITH CHECK ((SELECT acting_administrator()));
CREATE POLICY app_update ON employee FOR UPDATE TO enplan_app
    USING ((SELECT acting_administrator()) AND id <> (SELECT acting_employee()));
CREATE POLICY worker ON employee TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (given_name, family_name, telephone, deactivated_at, employment_ended_at, version)
    ON employee TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON employee TO enplan_worker;

CREATE POLICY app_read ON employee_role FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
-- A role that is held can be ended, one's own laid down (A8); one that has ended is given anew.
CREATE POLICY app_update ON employee_role FOR UPDATE TO enplan_app
    USING (valid_to > (SELECT acting_now()) AND ((SELECT acting_administrator()) OR employee_id = (SELECT acting_employee())))
    WITH CHECK (valid_to <= (SELECT acting_now()));
CREATE POLICY worker ON employee_role TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (valid_to) ON employee_role TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON employee_role TO enplan_worker;
