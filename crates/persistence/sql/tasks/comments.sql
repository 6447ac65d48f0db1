COMMENT ON COLUMN task.occasion IS 'Of a deadline that is reckoned (DL-3): the day from which on it was asked for.';
COMMENT ON COLUMN task.employee_id IS
    'The employee to whom the task belongs (DL-7); NULL if it is in the intake queue of the unit that wrote it.';
COMMENT ON COLUMN task.missed_on IS 'DL-4: the due day that had passed when it was exempted; it stays counted as broken.';
COMMENT ON COLUMN task.raised_at IS 'DL-5: when it rose to the team leader.';
COMMENT ON COLUMN task.ended IS 'By its act, by a tick, or because nothing asks for it any more.';
