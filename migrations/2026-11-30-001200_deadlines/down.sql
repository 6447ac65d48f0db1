DELETE FROM access_rule WHERE code IN ('guide-absentee');
DROP TABLE activity_clock;
DROP TABLE school_holiday;
DROP TABLE deadline_rule;
DROP TABLE task;
