-- Proposed by an administrator; put in force by `confirm_rights`.
CREATE POLICY app_insert ON rights_request FOR INSERT TO enplan_app
    WITH CHECK ((SELECT acting_administrator()) AND requested_by_id = (SELECT acting_employee())
        AND requested_at = (SELECT acting_now()) AND state = 'pending');
CREATE POLICY worker ON rights_request TO enplan_worker USING (true) WITH CHECK (true);
-- AC-17: a request is read by the employees who may decide about it, and by the data protection officer.
CREATE POLICY app_read ON rights_request FOR SELECT TO enplan_app USING (
    (SELECT coalesce(current_setting('app.roles', true), '') ~ '(^|,)data-protection-officer@[^,@]*@administration(,|$)')
    OR acting_may_settle(rights_request));
GRANT SELECT, INSERT ON rights_request TO enplan_app, enplan_worker;
