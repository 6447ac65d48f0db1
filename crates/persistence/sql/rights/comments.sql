COMMENT ON COLUMN rights_request.requested_by_id IS
    'The requester; NULL for a command on the machine, which the data protection officer sees here.';
COMMENT ON COLUMN rights_request.settled_by_id IS 'The second person; NULL if the request is pending or lapsed.';
