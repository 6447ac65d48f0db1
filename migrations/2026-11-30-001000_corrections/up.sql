-- YP-8: what was recorded on the wrong young person, and two registrations that are one.

-- A moved or voided record, in the timeline of each young person concerned. It has the area and the writing unit of the
-- record.
CREATE TABLE correction (
    id                uuid PRIMARY KEY,
    young_person_id   uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    act               text NOT NULL CONSTRAINT correction_act_known CHECK (act IN ('voided', 'moved-away', 'moved-here')),
    written           text NOT NULL CONSTRAINT correction_written_known CHECK (written IN ('benefit_episode', 'sanction',
                          'readiness', 'follow_up', 'education_and_work', 'residence', 'guardian', 'journal_entry', 'plan',
                          'goal', 'goal_progress', 'plan_indicators', 'plan_review', 'plan_link', 'education_order',
                          'support_remark', 'external_participant', 'intervention', 'intake_assessment', 'assignment',
                          'intake_entry', 'absence', 'plan_exemption', 'activity_clock', 'support_need', 'transition_need',
                          'statutory_responsibility', 'education_handover', 'pregnancy', 'meeting')),
    written_id        uuid NOT NULL,
    other_id          uuid,
    reason            text NOT NULL,
    was               json,
    corrected_by_id   uuid NOT NULL REFERENCES employee (id),
    corrected_at      timestamptz NOT NULL,
    CONSTRAINT correction_act_columns CHECK ((act = 'voided') = (was IS NOT NULL) AND (act = 'voided') = (other_id IS NULL))
);
CREATE INDEX correction_by_young_person ON correction (young_person_id, corrected_at);
ALTER TABLE correction ENABLE ROW LEVEL SECURITY;

-- Two registrations of one young person that are one from a time on. The row belongs to the registration that is kept.
CREATE TABLE merge (
    id                 uuid PRIMARY KEY,
    young_person_id    uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area   information_area NOT NULL DEFAULT 1,
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    merged_id          uuid NOT NULL,
    husk_id            uuid NOT NULL,
    coordinated_from   timestamptz,
    reason             text NOT NULL,
    merged_by_id       uuid NOT NULL REFERENCES employee (id),
    merged_at          timestamptz NOT NULL,
    undo_reason        text,
    undone_by_id       uuid REFERENCES employee (id),
    undone_at          timestamptz,
    version            bigint NOT NULL DEFAULT 1,
    CONSTRAINT merge_undone CHECK (num_nonnulls(undo_reason, undone_by_id, undone_at) IN (0, 3))
);
CREATE INDEX merge_by_young_person ON merge (young_person_id);
CREATE UNIQUE INDEX merge_of_one ON merge (merged_id) WHERE undone_at IS NULL;
ALTER TABLE merge ENABLE ROW LEVEL SECURITY;

-- The rows that a merge moved.
CREATE TABLE merge_row (
    merge_id    uuid NOT NULL REFERENCES merge (id),
    of_table    text NOT NULL,
    row_id      uuid NOT NULL,
    was_current boolean NOT NULL DEFAULT false,
    PRIMARY KEY (merge_id, of_table, row_id)
);
CREATE INDEX merge_row_by_row ON merge_row (row_id);
ALTER TABLE merge_row ENABLE ROW LEVEL SECURITY;
