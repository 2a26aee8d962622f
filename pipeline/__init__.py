"""Termly pupil attainment exports, checked, flagged for underachievement and summarised."""

__version__ = "0.1.0"
