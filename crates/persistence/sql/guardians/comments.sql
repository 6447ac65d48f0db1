COMMENT ON COLUMN guardian.to_day IS 'The last day; NULL: until the young person is of age.';
COMMENT ON COLUMN guardian.told_at IS 'When it was written, or last changed: while the young person was under 18.';
