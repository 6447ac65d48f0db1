COMMENT ON COLUMN caseload_norm.cases IS 'NULL: from that day on there is none.';
COMMENT ON COLUMN caseload_norm.decision_no IS 'Of the unit, from 1 on: the version of its norms.';

COMMENT ON COLUMN caseload_terms.employment_share IS 'In percent of full time.';
COMMENT ON COLUMN caseload_terms.reduction IS 'In cases.';

COMMENT ON COLUMN cover.until_day IS 'The last day.';
COMMENT ON COLUMN cover.ended_at IS 'Ended before its last day.';

COMMENT ON TABLE past_stop IS 'Written when a sign-in is opened again. No role of the application reads it but by functions.';

COMMENT ON COLUMN assignment.unit_id IS 'Whose norm it counts under.';
COMMENT ON COLUMN assignment.counts_as IS 'The function whose norm it counts under.';
COMMENT ON COLUMN assignment.recounted_at IS 'When the mentor who has it became job consultant: before, it counted as mentor (CL-10).';
COMMENT ON COLUMN assignment.planned_end IS 'For the forecast (CL-6); it ends nothing.';
COMMENT ON COLUMN assignment.note IS 'CL-8: what the one who takes it over needs to know first.';
COMMENT ON COLUMN assignment.exception_until IS 'CL-3: beyond the norm until this day, counted apart; from the next day on it counts like any other.';

COMMENT ON COLUMN intake_entry.unit_id IS 'Whose intake.';
COMMENT ON COLUMN intake_entry.from_day IS 'From which day on somebody is wanted: a planned transition where it lies ahead.';
