"""Reference data: the files of network/data/ read (tables, vocabularies, former) and put in the database (sync)."""
