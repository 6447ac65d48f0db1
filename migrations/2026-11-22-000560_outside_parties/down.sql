DROP TABLE external_disclosure;
DROP TABLE external_participant;
DROP TABLE support_remark;
DROP TABLE education_order;
DROP FUNCTION external_disclosure_has_a_basis();
DROP FUNCTION external_participant_ends();
DROP FUNCTION is_answered_once();
DROP FUNCTION is_received_once();
