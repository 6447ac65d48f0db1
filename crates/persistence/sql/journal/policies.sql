{% from "access/macros.sql" import may_write, protect, protect_fact %}

{{ protect("journal_entry", also=["law", "consent", "break-glass"]) }}
{{ protect_fact("journal_entry") }}
GRANT SELECT, INSERT ON journal_entry TO enplan_app, enplan_worker;
CREATE TRIGGER journal_entry_stays BEFORE UPDATE ON journal_entry FOR EACH ROW EXECUTE FUNCTION stays_as_written();

-- A correction has the writing unit of what it corrects, which may be another than the caller's.
{{ protect("journal_correction", also=["law", "consent", "break-glass"],
           insert=may_write("journal_correction", also=["law", "consent", "break-glass"])) }}
{{ protect_fact("journal_correction") }}
GRANT SELECT, INSERT ON journal_correction TO enplan_app, enplan_worker;
CREATE TRIGGER journal_correction_stays BEFORE UPDATE ON journal_correction FOR EACH ROW EXECUTE FUNCTION stays_as_written();
