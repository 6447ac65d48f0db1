COMMENT ON DOMAIN information_area IS
    'AC-3, one bit: 1 identity, 2 plan, 4 education and employment, 8 health, 16 family and social, 32 crime.';

COMMENT ON TABLE role_reads IS 'AC-17: the facts that each role reads in a case it works with, of those that not every role reads. A copy of the policy (domain::access::policy) for queries; a test compares both.';

COMMENT ON COLUMN access_rule.valid_to IS 'The last day; NULL if the rule has no end.';
COMMENT ON COLUMN access_rule.receivers IS 'The function that returns, for the id of a fact, the young person, the units that receive access, and until when the fact lasts.';
COMMENT ON COLUMN access_rule.lasts IS 'The longest duration of the access; NULL if it lasts as long as the fact.';
COMMENT ON COLUMN access_rule.source IS 'The number of the rule in the specification, and whether it is chosen.';

COMMENT ON TABLE access_basis IS 'AC-1: why somebody may see a young person. Only ever ended, never changed.';
COMMENT ON COLUMN access_basis.giver_id IS 'The unit whose writing it opens; NULL opens the areas whoever wrote.';
COMMENT ON COLUMN access_basis.source_id IS
    'The record that created the basis (the participation, intervention, …); when that record ends, the basis ends. For a basis by rule: the fact.';
COMMENT ON COLUMN access_basis.arose IS 'AC-15: the way in which the basis arose. NULL only if the owner loaded it.';
COMMENT ON COLUMN access_basis.from_basis_id IS 'The basis that was passed on, replaced or widened.';
COMMENT ON COLUMN access_basis.access_rule IS 'The code of the access_rule by which it arose.';
