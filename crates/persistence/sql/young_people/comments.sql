COMMENT ON COLUMN young_person.birth_date IS 'From the CPR number. Age and what follows from it are computed (YP-7).';

COMMENT ON COLUMN person_identifier.cipher IS 'AES-256-GCM under the key `key_id`, bound to the young person''s id (YP-4).';
COMMENT ON COLUMN person_identifier.digest IS 'HMAC-SHA-256 of the ten digits: for look-up.';
COMMENT ON COLUMN person_identifier.contested IS
    'True for a new number that another young person already has. The unit that has that young person''s case receives a task to check it.';
