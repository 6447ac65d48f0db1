COMMENT ON COLUMN journal_entry.took_place_at IS 'When it began; of a note: the moment it is about.';
COMMENT ON COLUMN journal_entry.took_part IS 'Beside the young person: names or roles, as they were written down.';
