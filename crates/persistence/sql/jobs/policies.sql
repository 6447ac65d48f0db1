GRANT INSERT ON job TO enplan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON job TO enplan_worker;
