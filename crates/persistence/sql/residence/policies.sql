{% from "access/macros.sql" import protect %}

-- A step function is only ever added to.
{{ protect("residence") }}
GRANT SELECT, INSERT ON residence TO enplan_app, enplan_worker;
