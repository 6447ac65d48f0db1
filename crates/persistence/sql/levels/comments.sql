COMMENT ON TABLE serving_level IS 'Written by `enplan migrate`, read at every start.';
COMMENT ON COLUMN serving_level.oldest_serving IS 'The last migration of the oldest program that may serve this database.';
COMMENT ON COLUMN serving_level.applied_sql IS 'The fingerprints of the SQL that was applied, in this order: the programs that contain it may serve.';
COMMENT ON TABLE sql_object IS 'The functions, views, triggers, policies, grants and comments that `enplan migrate` applied.';
COMMENT ON COLUMN sql_object.identity IS 'Its kind and its name, as in DROP.';
COMMENT ON COLUMN sql_object.digest IS 'SHA-256 of its statements.';
