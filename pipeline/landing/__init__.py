"""Ingest: what schools send is received, staged, judged row by row, kept, and made into core."""
