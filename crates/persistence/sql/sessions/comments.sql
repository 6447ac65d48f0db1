COMMENT ON TABLE account IS 'Read by the sign-in function alone: no role of the application may select here.';
COMMENT ON COLUMN account.one_time_until IS
    'OR-3: the end of a one-time pass phrase. Until the employee has changed it, no other operation is allowed. NULL if the employee chose the pass phrase. In the past: no pass phrase is valid (OR-2).';

COMMENT ON TABLE session IS 'Idle for 8 hours or 12 hours old is over. Written at sign-in, refresh and sign-out only.';

COMMENT ON TABLE refresh_token IS 'SHA-256 of each refresh token. One used again ends its session, and so the whole family.';
