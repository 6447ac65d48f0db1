DROP TABLE merge_row;
DROP TABLE merge;
DROP TABLE correction;
