COMMENT ON TABLE unit IS 'Units do not move in the tree: they are closed and opened anew.';
COMMENT ON COLUMN unit.path IS 'The units above, outermost first, and the unit itself.';
COMMENT ON COLUMN unit.operational IS 'AC-1: only a team or an institution holds an access basis, never a directorate.';
COMMENT ON COLUMN unit.early_absence_days IS 'AB-1: after so many working days of absence the institution takes contact; NULL: no such rule.';
COMMENT ON COLUMN unit.takes_absence_signals IS 'AB-1: of UU, where it takes no part in the plan; TM-1: judges what schools raise.';
COMMENT ON COLUMN unit.receives_needs IS 'TM-11: receives from B&U, and is shown each need of a transition meeting from the day it is found.';

COMMENT ON COLUMN employee.employed_on IS 'The first day, from which a new employee''s caseload rises (CL-5); NULL: long before.';
COMMENT ON COLUMN employee.deactivated_at IS 'Since when the sign-in is stopped; it can be opened again.';
COMMENT ON COLUMN employee.employment_ended_at IS 'For good.';

COMMENT ON COLUMN employee_role.rights_request_id IS
    'The request by which two people gave the role; NULL if it was loaded with the municipality.';
