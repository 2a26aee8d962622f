"""The evaluators' file: a new DuckDB file, pseudonymised, built from an allow-list and searched."""
