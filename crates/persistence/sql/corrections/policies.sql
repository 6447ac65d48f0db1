{% from "access/macros.sql" import protect, protect_fact, reads_fact %}

{{ protect("correction") }}
{{ protect_fact("correction",
                reads_fact("fact_of(correction.written, correction.information_area)", "correction.young_person_id")) }}
GRANT SELECT (id, young_person_id, information_area, writing_unit_id, act, written, written_id, other_id, reason,
        corrected_by_id, corrected_at) ON correction TO enplan_app, enplan_worker;

{{ protect("merge") }}
GRANT SELECT ON merge TO enplan_app, enplan_worker;
