COMMENT ON COLUMN education_and_work.name IS 'Of the education or the trade.';
COMMENT ON COLUMN education_and_work.place IS 'The institution, the school or the employer; reveals where somebody is (YP-5).';
COMMENT ON COLUMN education_and_work.ended_on IS 'Completed or dropped out: the first day outside it.';
COMMENT ON COLUMN education_and_work.held IS 'TG-1: on these days nobody is neither in education nor in work; NULL: it does not count.';
