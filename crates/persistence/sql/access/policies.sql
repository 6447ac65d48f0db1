{% from "access/macros.sql" import is_own %}

GRANT SELECT ON access_rule TO enplan_app, enplan_worker;

-- This policy compares the holder and nothing else, because every other policy reads this table.
CREATE POLICY app_read ON access_basis FOR SELECT TO enplan_app
    USING ({{ is_own("holder_id") }});
-- A rule gives access where its fact is recorded, in a function of the owner.
CREATE POLICY app_insert ON access_basis FOR INSERT TO enplan_app
    WITH CHECK (granted_by_id = (SELECT acting_employee()) AND arose <> 'by-rule');
CREATE POLICY worker ON access_basis TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON access_basis TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON access_basis TO enplan_worker;
