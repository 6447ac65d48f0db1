COMMENT ON COLUMN idempotency_key.young_people IS 'Of whom it tells: seen still by whoever is given it again (AC-7).';
COMMENT ON COLUMN idempotency_key.answer IS 'The body as it was answered, encrypted.';
COMMENT ON COLUMN idempotency_key.areas IS 'What was open to whoever asked, of those of whom it tells.';
COMMENT ON COLUMN idempotency_key.role IS
    'The role that, with unit and basis, allowed the command. A replay requires that the caller still holds it (AC-7). NULL if the command required no permit, because it changed nothing.';
