COMMENT ON COLUMN intervention_company.catalogue_code IS 'The intervention''s, for the rule below; a trigger writes it.';
COMMENT ON COLUMN intervention_company.running IS 'The last one told, of what is not over? For the rule below; triggers write it.';

COMMENT ON COLUMN intervention_hours.weekly_minutes IS 'Up to 37 hours, told in tenths of an hour.';

COMMENT ON COLUMN intervention_group.to_day IS 'Its last day; NULL until it is known.';
COMMENT ON COLUMN intervention_group.size IS 'How many at once; NULL: as many as come.';

COMMENT ON COLUMN group_member.until_day IS 'The first day on which it is no member any more; NULL while it is.';
COMMENT ON COLUMN group_member.left_at IS 'When that was told; the membership itself when joined_at tells.';
