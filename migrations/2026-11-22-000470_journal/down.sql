DROP FUNCTION face_to_face(uuid, date, date);
DROP VIEW journal_file;
DROP TABLE journal_correction;
DROP TABLE journal_entry;
DROP FUNCTION stays_as_written();
