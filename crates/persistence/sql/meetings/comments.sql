COMMENT ON COLUMN meeting_room.unit_id IS 'Whose leaders tell of it.';
COMMENT ON COLUMN meeting_room.place IS 'Where it is: an address, as people find it.';
COMMENT ON COLUMN meeting_room.withdrawn_at IS 'Since when nothing more is booked in it.';

COMMENT ON COLUMN pregnancy.registered_by_id IS 'NM-2: who first registered it, and calls both meetings.';
COMMENT ON COLUMN pregnancy.ended_on IS 'From when on there are no (more) network meetings about it, and why.';
COMMENT ON COLUMN pregnancy.network_map IS 'NM-3: the network around the young person, in words.';

COMMENT ON COLUMN meeting.without_because IS 'TM-7: why a sparring meeting is held without the young person.';
COMMENT ON COLUMN meeting.slot_id IS 'The slot of a window; NULL: outside of them.';
COMMENT ON COLUMN meeting.outside_because IS 'TM-4: why it is outside the windows.';
COMMENT ON COLUMN meeting.place_protected IS 'YP-5: where it is stands in no calendar and no message.';
COMMENT ON COLUMN meeting.changed_at IS 'When it was called, moved, cancelled or held last, or its place protected: the sequence of its calendar entry follows its version.';
COMMENT ON COLUMN meeting.renamed_at IS
    'When the initials in its calendar entry last changed. The calendar entry is updated, but not the version of the meeting, so that no open edit of it is refused.';
COMMENT ON COLUMN meeting.renamings IS 'The number of such changes; it also increases the sequence of the calendar entry.';

COMMENT ON COLUMN meeting_move.starts_at IS 'When it was to be before.';

COMMENT ON COLUMN meeting_participant.busy IS 'That of the meeting, which it follows: empty once it is cancelled.';
COMMENT ON COLUMN meeting_participant.guardian_id IS 'NULL once what was told of them was voided, or is another young person''s: the name stays.';
COMMENT ON COLUMN meeting_participant.name IS 'Of a guardian: as they were called.';
COMMENT ON COLUMN meeting_participant.excused_at IS 'When they told ahead that they cannot come; from then on they are free for others.';
COMMENT ON COLUMN meeting_participant.came IS 'NULL until it is held.';

COMMENT ON COLUMN meeting_minutes.responsible_id IS 'Who of the receiving unit is the one responsible from the 18th birthday.';

COMMENT ON COLUMN meeting_decision.deciding_unit_id IS 'Who decides under it.';
COMMENT ON COLUMN meeting_decision.to_day IS 'The last day.';
