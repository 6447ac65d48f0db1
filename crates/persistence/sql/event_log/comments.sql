COMMENT ON COLUMN event.subject_kind IS 'The table of the thing it tells of, with hyphens; or "session".';
COMMENT ON COLUMN event.actor_id IS 'The employee; NULL where the system itself acted (role "system").';
COMMENT ON COLUMN event.role IS 'By which it was allowed; "self" where somebody opened or ended their own session.';
COMMENT ON COLUMN event.digest IS 'SHA-256 of salt and payload.';
COMMENT ON COLUMN event.registration_id IS 'Whose timeline tells it: the young person, or of something that a merge moved, the one it was moved from.';
