COMMENT ON TABLE access_check IS 'AC-19: a CPR number that was checked, or an action that only hidden rows prevented. The access log records which.';
COMMENT ON COLUMN access_check.of_card IS 'HL-5: a card of the hotline, which has a limit of its own.';
COMMENT ON COLUMN access_check.request_id IS 'What counts once: the request, or an id derived from the content of an action that hidden rows prevented.';
COMMENT ON COLUMN access_check.gave_access IS 'True if the young person is visible to the employee; the check then does not count.';
