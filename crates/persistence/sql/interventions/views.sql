{% from "interventions/macros.sql" import intervention_file_of %}

-- An intervention as it is now, with its position on the waiting list.
{% set in_line = "CASE i.state WHEN 'waiting' THEN (SELECT count(*) FROM intervention w
           WHERE w.catalogue_code = i.catalogue_code AND w.state = 'waiting'
             AND (-w.priority, w.ticket) <= (-i.priority, i.ticket)) END" %}
CREATE VIEW intervention_file WITH (security_barrier) AS
{{ intervention_file_of("intervention", "(SELECT acting_now())", in_line) }};
GRANT SELECT ON intervention_file TO enplan_app;
