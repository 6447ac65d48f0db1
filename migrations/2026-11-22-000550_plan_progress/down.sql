DROP TRIGGER overdue_review_is_held ON plan;
DROP FUNCTION overdue_review_is_held();
DROP TABLE plan_review;
DROP TABLE plan_indicators;
DROP TABLE goal_progress;
DROP FUNCTION plan_day_fits();
