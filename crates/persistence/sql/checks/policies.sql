CREATE POLICY worker ON access_check TO enplan_worker USING (true);
GRANT SELECT, DELETE ON access_check TO enplan_worker;
