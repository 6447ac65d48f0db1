GRANT SELECT ON installation TO enplan_app;
GRANT SELECT, INSERT, UPDATE (municipality, municipality_code, loaded_at) ON installation TO enplan_worker;

GRANT SELECT ON installation_key TO enplan_app;
GRANT SELECT, INSERT, UPDATE (used) ON installation_key TO enplan_worker;
