COMMENT ON COLUMN correction.written IS 'The table of what was written.';
COMMENT ON COLUMN correction.other_id IS 'The other young person; told to those who see them.';
COMMENT ON COLUMN correction.was IS 'What was voided, with all that hung on it: kept for the duty to journal, read by nobody of the application.';

COMMENT ON COLUMN merge.merged_id IS 'The id under which the other one was registered, and is again once this is undone.';
COMMENT ON COLUMN merge.husk_id IS 'Under which what is left of it lies meanwhile: nobody has access, and nothing more is written on it.';
COMMENT ON COLUMN merge.coordinated_from IS 'Since when a department coordinated the one that was kept; what stands before it is lent by the other.';

COMMENT ON COLUMN merge_row.was_current IS 'Of a CPR number: it was the current one.';
