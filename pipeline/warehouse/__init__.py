"""The DuckDB file: opened in one place, made from data_schemas/tables, filled by SQL models."""
