"""What the evaluators' file says about itself: its data dictionary and its release row."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.calendar import Term
from pipeline.evaluation.allow_list import AllowList, PublishedTable
from pipeline.warehouse.tables import SCHEMA_VERSION

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Release:
    """A release that was made: where it lies, what is in it."""

    name: str
    file: Path
    made_on: dt.date
    terms: tuple[Term, ...]
    key_fingerprint: str
    rows: dict[str, int]


def dictionary_rows(allowed: AllowList) -> list[Row]:
    """Rows of `data_dictionary`: at position 0 the table, then its columns."""
    return [row for table in allowed.tables for row in _rows_of(table)]


def _rows_of(table: PublishedTable) -> list[Row]:
    rows: list[Row] = [(table.name, 0, "", "", table.row, None, None, None)]
    for position, published in enumerate(table.columns, start=1):
        c, values = published.column, published.values
        described = values.described if values else None
        rows.append(
            (table.name, position, c.name, c.type, c.meaning, c.unit, c.disclosure, described)
        )
    return rows


def release_row(release: Release, allowed: AllowList, settings_fingerprint: str) -> Row:
    """The row of `release`, in the order of the allow-list."""
    labels = [t.label for t in release.terms]
    values: dict[str, Any] = {
        "release_name": release.name,
        "made_on": release.made_on,
        "program_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "first_term": labels[0] if labels else None,
        "last_term": labels[-1] if labels else None,
        "terms": ", ".join(labels),
        "settings_fingerprint": settings_fingerprint,
        "key_fingerprint": release.key_fingerprint,
        "protection": allowed.protection,
    } | {f"rows_{table}": rows for table, rows in release.rows.items()}
    table = next(t for t in allowed.tables if t.name == "release")
    return tuple(values[c.column.name] for c in table.columns)
