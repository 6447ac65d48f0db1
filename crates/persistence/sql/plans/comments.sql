COMMENT ON COLUMN plan.own_words_absent IS 'PL-3: how they were asked, and would not or could not say.';
COMMENT ON COLUMN plan.review_set_on IS 'PL-5: the day on which the next review was set.';

COMMENT ON COLUMN goal.result IS 'What came of it, once it is known.';

COMMENT ON COLUMN plan_role.declined_reason IS 'PL-2: a contact person was offered and declined; why.';

COMMENT ON COLUMN goal_progress.entered_by_id IS 'Who wrote it down; the young person''s voice is entered in their name.';

COMMENT ON COLUMN plan_review.took_part IS 'Names or roles, as they were written down.';
COMMENT ON COLUMN plan_review.next_review_on IS 'As it was set at this review; the plan''s own may have been moved since.';

COMMENT ON COLUMN plan_exemption.to_day IS 'The last day.';

COMMENT ON COLUMN follow_up.left_on IS 'The first day outside the group, or the day the plan was closed.';
COMMENT ON COLUMN follow_up.source IS 'Told by the young person''s benefits, education, work and residence, or asked for.';
