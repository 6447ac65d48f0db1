COMMENT ON TABLE serving_level IS 'Written by `enplan migrate`, read at every start.';
COMMENT ON COLUMN serving_level.oldest_serving IS 'The last migration of the oldest program that may serve this database.';
