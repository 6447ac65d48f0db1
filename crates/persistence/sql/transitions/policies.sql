{% from "access/macros.sql" import protect %}

GRANT SELECT ON legal_basis TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON legal_basis TO enplan_worker;

GRANT SELECT ON transition_guide TO enplan_app, enplan_worker;

{{ protect("support_need") }}
GRANT SELECT, INSERT, UPDATE (to_day, version) ON support_need TO enplan_app;
GRANT SELECT, INSERT ON support_need TO enplan_worker;
CREATE TRIGGER support_need_judged_by_now BEFORE INSERT ON support_need FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('judged_on');

{{ protect("transition_need", also=["law", "meeting"]) }}
-- A need that the deadline rules find is recorded by the worker.
CREATE POLICY app_raises_by_hand ON transition_need AS RESTRICTIVE FOR INSERT TO enplan_app
    WITH CHECK (origin = 'by-hand' AND raised_by_id = (SELECT acting_employee()) AND information_area = 2);
GRANT SELECT, INSERT, UPDATE (guide, state, decided_on, decided_by_id, decided_words, version) ON transition_need TO enplan_app;
GRANT SELECT, INSERT ON transition_need TO enplan_worker;
CREATE TRIGGER transition_need_decided_by_now BEFORE INSERT OR UPDATE OF decided_on ON transition_need FOR EACH ROW
    WHEN (NEW.decided_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('decided_on');

{{ protect("transition_committee", also=["law"]) }}
GRANT SELECT, INSERT ON transition_committee TO enplan_app, enplan_worker;
CREATE TRIGGER transition_committee_by_now BEFORE INSERT ON transition_committee FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('on_day');

{{ protect("transition_referral", also=["law"]) }}
GRANT SELECT, INSERT ON transition_referral TO enplan_app, enplan_worker;

{{ protect("statutory_responsibility", provider="unit_id", also=["law"]) }}
GRANT SELECT, INSERT, UPDATE (to_day, version) ON statutory_responsibility TO enplan_app;
GRANT SELECT, INSERT ON statutory_responsibility TO enplan_worker;
CREATE TRIGGER responsibility_decided_by_now BEFORE INSERT ON statutory_responsibility FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('decided_on');

{{ protect("responsibility_agreement", also=["law", "meeting"]) }}
GRANT SELECT, INSERT, UPDATE (accepted_at, accepted_by_id, replaced_at, exception_reason, exception_until, version)
    ON responsibility_agreement TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON responsibility_agreement TO enplan_worker;

{{ protect("education_handover", also=["law"]) }}
GRANT SELECT, INSERT, UPDATE (received_on, received_by, version) ON education_handover TO enplan_app;
GRANT SELECT, INSERT ON education_handover TO enplan_worker;
CREATE TRIGGER education_handover_not_ahead BEFORE INSERT ON education_handover FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('on_day');
CREATE TRIGGER education_handover_is_received BEFORE UPDATE ON education_handover FOR EACH ROW EXECUTE FUNCTION is_received_once();

GRANT SELECT ON special_education TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON special_education TO enplan_worker;
