COMMENT ON COLUMN catalogue_entry.repeatable IS 'IV-2: may run more than once at a time for one young person.';
COMMENT ON COLUMN catalogue_entry.cannot_wait IS 'IV-4: may be referred and started while the plan is a draft.';
COMMENT ON COLUMN catalogue_entry.visitation IS 'IV-11: starts only after the provider has accepted the referral.';
COMMENT ON COLUMN catalogue_entry.assessment_required IS 'IV-11: starts only where UU''s newest intake assessment says yes.';
COMMENT ON COLUMN catalogue_entry.mentoring IS 'One adult who follows the young person: two of them at once clash.';
COMMENT ON COLUMN catalogue_entry.last_ticket IS 'The last number drawn in line. Drawing one locks the entry.';

COMMENT ON COLUMN intervention.answer_by IS 'IV-11: the day by which the provider''s visitation answers.';
COMMENT ON COLUMN intervention.priority IS 'IV-3: given by the provider''s visitation; 9 stands first in line.';
COMMENT ON COLUMN intervention.carried_on_by_id IS 'PL-7: the unit that carries it on after the plan has closed.';

COMMENT ON COLUMN attendance.last_told_on IS 'Since when it is told so; NULL: since the day itself.';
COMMENT ON COLUMN attendance.told_by_id IS 'The employee who recorded the day first.';
COMMENT ON COLUMN attendance.hours IS 'Quarters of an hour, which add up exactly.';
