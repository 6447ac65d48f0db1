{% from "access/macros.sql" import protect %}

-- A step function: rows are only added.
{{ protect("residence") }}
GRANT SELECT, INSERT ON residence TO enplan_app, enplan_worker;
