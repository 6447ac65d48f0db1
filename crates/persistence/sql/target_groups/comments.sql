COMMENT ON COLUMN benefit_episode.leads IS 'TG-2: the one that decides the group while it is had.';
COMMENT ON COLUMN benefit_episode.to_day IS 'The last day; NULL: it goes on.';

COMMENT ON COLUMN readiness.track IS 'The category for the benefit, or a kind of youth education.';
