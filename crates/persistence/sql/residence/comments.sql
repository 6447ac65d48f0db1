COMMENT ON COLUMN residence.municipality_code IS 'In Denmark; else the country.';
COMMENT ON COLUMN residence.address IS 'Reveals where somebody is: in no list, event or message (YP-5).';
