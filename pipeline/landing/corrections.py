"""`corrections.toml`: known errors in exports, each with the text that is expected there.

A correction changes what was staged, before it is read, and only where the text is the expected
one; what was sent stays in `landing.export_row.as_sent` and in the archive. `landing.correction`
says which rows each was applied to.
"""

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.entries import read_entries
from pipeline.errors import SettingsWrong
from pipeline.landing.layouts.columns import standard_columns
from pipeline.warehouse.query import insert_rows

QUERIES = Path(__file__).parent / "queries"
MATCHED = ("school", "pupil", "upn", "academic_year", "term", "subject", "assessment")
SAID = (*MATCHED, "column", "expect", "value")
HELP = "docs/data-leads.md shows what a correction says"


class Correction(BaseModel):
    """One known error: whose row, which column, the text there, the text to read instead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    school: Annotated[int, Field(ge=100000, le=9999999, strict=True)]
    pupil: str | None = Field(default=None, min_length=1)
    upn: str | None = Field(default=None, min_length=1)
    academic_year: str | None = Field(default=None, pattern=r"^[12][0-9]{3}[-/][0-9]{2,4}$")
    term: Literal["autumn", "spring", "summer"] | None = None
    subject: str | None = Field(default=None, min_length=1)
    assessment: str | None = None
    column: str
    expect: str
    value: str
    reason: str = Field(min_length=1)
    by: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Correction":
        if self.pupil is None and self.upn is None:
            raise ValueError("neither 'pupil' (admission number) nor 'upn' is given")
        if self.column not in standard_columns():
            raise ValueError("'column' is not the name of a standard column")
        if " ".join(self.expect.split()) == " ".join(self.value.split()):
            raise ValueError("'expect' and 'value' are the same text")
        return self

    @property
    def key(self) -> str:
        """Fingerprint of whose row and what is changed, whatever the reason that is given."""
        said = "\n".join(repr(getattr(self, name)) for name in SAID)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class CorrectionsFile(BaseModel):
    """The whole file; `accepted` issues are another stage's to read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    correction: tuple[Correction, ...] = ()
    accepted: tuple[dict[str, Any], ...] = ()


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Corrections of a programme; none where there is no file.

    Raises SettingsWrong naming every wrong key with the number of its entry, and no value.
    """
    found = read_entries(path, CorrectionsFile, "correction", HELP).correction
    first: dict[str, int] = {}
    for number, one in enumerate(found, start=1):
        same = first.setdefault(one.key, number)
        if same != number:
            raise SettingsWrong(
                f"{path.name}: correction {number} says the same as correction {same}. Take one "
                f"of them out."
            )
    return found


def corrections_fingerprint(path: Path) -> str:
    """SHA-256 of all that corrections change; files are read again where it is another."""
    keys = "\n".join(one.key for one in read_corrections(path))
    return hashlib.sha256(keys.encode()).hexdigest()


def apply_corrections(con: duckdb.DuckDBPyConnection, corrections: tuple[Correction, ...]) -> None:
    """Correct the staged text (table `stage`), and keep in `landing.correction` where.

    Of two corrections of one value the first in the file is applied. Needs the macros of
    `queries/macros.sql`.
    """
    if not corrections:
        return
    con.execute((QUERIES / "given_correction.sql").read_text(encoding="utf-8"))
    columns = ("number", "correction_key", *SAID)
    rows = [
        (number, one.key, *(getattr(one, name) for name in SAID))
        for number, one in enumerate(corrections, start=1)
    ]
    insert_rows(con, "given_correction", columns, rows)
    matched = (QUERIES / "matched_correction.sql").read_text(encoding="utf-8")
    texts = " ".join(f"when '{c}' then s.\"{c}\"" for c in standard_columns())
    con.execute(matched.replace("{text_of_column}", f'case g."column" {texts} end'))
    for column in sorted({one.column for one in corrections}):
        con.execute(
            f'update stage set "{column}" = m.value, '
            f"as_sent = concat_ws(chr(10), stage.as_sent, m.\"column\" || ': ' || "
            f"coalesce(stage.\"{column}\", '')) "
            f"from matched_correction as m where m.\"column\" = '{column}' "
            f"and m.file_id = stage.file_id and m.line = stage.line and m.item = stage.item"
        )
    con.execute(
        "insert into landing.correction by name "
        "select correction_key, file_id, line, item from matched_correction"
    )
    con.execute("drop table matched_correction")
    con.execute("drop table given_correction")


def correction_notes(
    con: duckdb.DuckDBPyConnection, corrections: tuple[Correction, ...]
) -> list[str]:
    """A line for each correction that changes nothing that counts, without a pupil's value."""
    sql = (QUERIES / "applied_correction.sql").read_text(encoding="utf-8")
    applied: dict[str, int] = dict(con.execute(sql).fetchall())
    notes = []
    for number, one in enumerate(corrections, start=1):
        if applied.get(one.key):
            continue
        why = (
            "a later file has replaced every row that it changes"
            if one.key in applied
            else "no row that it names has the text that it expects"
        )
        notes.append(
            f"corrections.toml: correction {number} (column {one.column}) no longer applies: "
            f"{why}. Take it out, or correct it if it was meant for another row."
        )
    return notes
