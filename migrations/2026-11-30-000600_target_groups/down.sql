DROP TABLE sanction;
DROP TABLE readiness;
DROP TABLE benefit_episode;
