COMMENT ON COLUMN legal_basis.valid_to IS 'The last day on which it is decided by; NULL: it goes on.';
COMMENT ON COLUMN legal_basis.to_age IS 'The last year of age for which it holds; NULL: all later ones.';
COMMENT ON COLUMN legal_basis.area IS 'Of what kind it tells who decides under it (AC-3): of the plan, or of the family.';
COMMENT ON COLUMN legal_basis.leads_to IS 'TM-2: whether a need of support that answers to it after 18 is met about, or referred. NULL: it is no such need.';
COMMENT ON COLUMN legal_basis.aftercare IS 'TM-12, TM-14: it goes before the aftercare committee, and its end raises a need.';

COMMENT ON COLUMN transition_guide.guide IS 'The birthday by which its meeting is held.';
COMMENT ON COLUMN transition_guide.found_at_months IS 'Months of age.';

COMMENT ON COLUMN support_need.legal_basis_code IS 'To what it answers after 18 (TM-2).';
COMMENT ON COLUMN support_need.guide IS 'TM-1: whether it is handed over at 15 or at 17, as the adviser chose.';
COMMENT ON COLUMN support_need.to_day IS 'The last day; NULL: it goes on.';

COMMENT ON COLUMN transition_need.guide IS 'NULL: of an aftercare that ends (TM-14).';
COMMENT ON COLUMN transition_need.acute IS 'Seen late, or moved in: it has its own way, outside the windows (TM-4).';
COMMENT ON COLUMN transition_need.raised_by_id IS 'NULL: it was found by rule.';
COMMENT ON COLUMN transition_need.decided_on IS 'When it was judged, exempted, or its meeting held.';

COMMENT ON COLUMN transition_committee.on_day IS 'When the committee talked it through.';

COMMENT ON COLUMN statutory_responsibility.to_day IS 'The last day, as told; it ends with the age for which the law holds in any case (YP-7).';

COMMENT ON COLUMN responsibility_agreement.receiving_unit_id IS 'TM-9: whose department coordinates then.';
COMMENT ON COLUMN responsibility_agreement.coordinator_id IS 'Who of them coordinates the plan; NULL: not named yet.';
COMMENT ON COLUMN responsibility_agreement.replaced_at IS 'Another was agreed instead.';
COMMENT ON COLUMN responsibility_agreement.passed_at IS 'From when on they coordinate.';
COMMENT ON COLUMN responsibility_agreement.exception_until IS 'CL-3: the last day of an acceptance beyond the norm.';

COMMENT ON COLUMN education_handover.from_school IS 'Reveals where somebody is (YP-5), as does the education.';
COMMENT ON COLUMN education_handover.receiver IS 'Who there is told, by name.';
COMMENT ON COLUMN education_handover.mentor_until IS 'The last day of UU''s mentor.';

COMMENT ON TABLE special_education IS 'What the municipality counts as STU or a special school.';
