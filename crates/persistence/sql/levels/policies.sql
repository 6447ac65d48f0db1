GRANT SELECT ON serving_level TO enplan_app, enplan_worker;

GRANT SELECT ON __diesel_schema_migrations TO enplan_app, enplan_worker;
