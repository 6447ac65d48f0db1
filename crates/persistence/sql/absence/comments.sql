COMMENT ON COLUMN absence.to_day IS 'The last day; NULL: it goes on, until a day of presence is told.';
COMMENT ON COLUMN absence.dropped_out_on IS 'The day on which they stopped.';
COMMENT ON COLUMN absence.municipality_code IS 'Where they live, if that is another municipality than ours.';
COMMENT ON COLUMN absence.told_on IS 'The day on which it was told first.';
COMMENT ON COLUMN absence.last_told_on IS 'Since when it is told so; NULL: since the day itself.';
