COMMENT ON TABLE installation IS
    'The installation to which this database belongs, recorded by `bootstrap`. A database with the demonstration''s accounts is served only with the demonstration''s keys.';
COMMENT ON COLUMN installation.municipality IS 'NULL if no municipality is installed yet.';
COMMENT ON COLUMN installation.loaded_at IS 'NULL if loading was interrupted.';

COMMENT ON TABLE installation_key IS
    'F5: fingerprints of the keys that keys.json must contain: digests of a constant under each key, which do not reveal the key.';
COMMENT ON COLUMN installation_key.used IS
    'True if values may be sealed with the key, because it was the first sealing key of an instance; it must be kept.';
