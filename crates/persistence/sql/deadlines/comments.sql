COMMENT ON COLUMN deadline_rule.code IS 'The kind of the task; of DL-5, how long it is past due before it rises.';
COMMENT ON COLUMN deadline_rule.of IS 'Of which benefits, or offers of the catalogue.';
COMMENT ON COLUMN deadline_rule.asked_after IS 'Days that pass before it is asked for; its length runs from then on.';
COMMENT ON COLUMN deadline_rule.act IS 'The operation that ends it; NULL: it is ticked.';
COMMENT ON COLUMN deadline_rule.source IS 'Of the dossier, or chosen.';

COMMENT ON COLUMN school_holiday.to_day IS 'The last day.';

COMMENT ON COLUMN activity_clock.contact_id IS 'The contact that told of it; NULL: somebody who works the case did.';
