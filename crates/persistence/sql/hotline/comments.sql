COMMENT ON TABLE hotline_duty IS 'Who runs the hotline (contacts), and who takes notifications of concern (HL-10).';

COMMENT ON COLUMN hotline_contact.young_person_id IS 'NULL: about somebody not known, not named, or not tied yet.';
COMMENT ON COLUMN hotline_contact.tie_asked IS 'Somebody asked to tie it, to an id or a number, whether anybody has that or not. It stays so.';
COMMENT ON COLUMN hotline_contact.tie_number IS
    'The digest of the CPR number to which a job links the contact. The job runs after the response, so that the response time does not reveal whether the number is registered (AC-19).';
COMMENT ON COLUMN hotline_contact.writing_unit_id IS 'Whose contact it is, and on whose list: of a concern that of B&U, else the hotline''s.';
COMMENT ON COLUMN hotline_contact.logging_unit_id IS 'Where it was logged; of a concern they see no more of it.';
COMMENT ON COLUMN hotline_contact.called_at IS 'When they called; logged_at, when it was noted.';
COMMENT ON COLUMN hotline_contact.shown_to IS 'It was not for us: where they were shown to.';
COMMENT ON COLUMN hotline_contact.due_at IS 'HL-3: the last moment of the day it is due.';
COMMENT ON COLUMN hotline_contact.request_digest IS 'HL-8: the request that logged it, under its key; NULL where it had none.';
COMMENT ON COLUMN hotline_contact.words IS 'HL-7: the summary''s words, folded as names are.';
