COMMENT ON COLUMN access_entry.number_digest IS
    'AC-19: HMAC-SHA-256 of the checked CPR number, registered or not. It allows finding the employees who checked a number.';
COMMENT ON COLUMN access_entry.role IS 'The role by which it was allowed; NULL where it was refused.';
COMMENT ON COLUMN access_entry.outcome IS
    'failed: the service failed after personal data were read, and the response contained none of them.';
COMMENT ON COLUMN access_entry.subject IS
    'The id in the path. If the request named records that are not visible to the caller, their ids instead, wherever they appeared, with one row for each.';
COMMENT ON COLUMN access_entry.bases IS 'Parallel to young_people: the basis by which each was seen; NULL where a contact of the hotline led to them.';
