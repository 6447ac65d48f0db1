DROP TABLE plan_review;
DROP TABLE plan_indicators;
DROP TABLE goal_progress;
DROP FUNCTION plan_day_fits();
