COMMENT ON COLUMN education_order.told IS 'What the school was told besides the order itself.';
COMMENT ON COLUMN education_order.on_day IS 'When the school was told of it.';

COMMENT ON COLUMN support_remark.told IS 'The remark.';

COMMENT ON COLUMN external_participant.basis_words IS 'Of a consent: its purpose.';
COMMENT ON COLUMN external_participant.consent_withdrawn_on IS 'The first day on which it holds no more.';
