"""Layouts: how each kind of export maps to the standard columns, as data."""
