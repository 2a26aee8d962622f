"""Accuracy rules: one file each, a header that describes the rule and a query for what breaks it.

A file is `data_schemas/accuracy/<code>.sql`. Its first line says what one row of the answer is;
the comment lines after it are TOML; the rest is one query. Each row of the answer is one thing
wrong. The query names its columns; those of `ISSUE_COLUMNS` that it leaves out are null.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.errors import SettingsWrong
from pipeline.resources import resource

ISSUE_COLUMNS = {
    "school_id": "integer",
    "academic_year": "varchar",
    "term": "varchar",
    "subject": "varchar",
    "class_name": "varchar",
    "pupil_id": "bigint",
    "file_id": "integer",
    "line": "bigint",
    "column_name": "varchar",
    "found": "varchar",
}


class Header(BaseModel):
    """What a rule's file says of it; `{found}` in the message stands for the query's column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    severity: Literal["error", "warning", "note"]
    level: Literal["file", "row", "pupil", "class", "school"]
    owner: Literal["office", "class teacher", "data lead", "supplier"]
    counts: Literal["row", "pupil", "result", "due"]
    message: str = Field(min_length=1)
    fix: str = Field(min_length=1)
    why: str = Field(min_length=1)

    @field_validator("message")
    @classmethod
    def only_found(cls, text: str) -> str:
        if set(re.findall(r"\{[^}]*\}?", text)) - {"{found}"}:
            raise ValueError("may hold {found} and no other braces")
        return text


@dataclass(frozen=True)
class Rule:
    """A rule: its header, what one row of its query is, and the query."""

    header: Header
    row: str
    query: str
    file_name: str

    @property
    def code(self) -> str:
        return self.header.code


def rules_folder() -> Path:
    """Where the rules lie that the project ships."""
    return resource("data_schemas", "accuracy")


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Every rule of a folder, errors first, then by code.

    Raises SettingsWrong naming every wrong key of every file.
    """
    rules, wrong = [], []
    for path in sorted(folder.glob("*.sql")):
        try:
            rules.append(_read_rule(path))
        except SettingsWrong as one:
            wrong.append(str(one))
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    if not rules:
        raise SettingsWrong(f"{folder.name}: no rule found; expected files such as upn_format.sql")
    order = ("error", "warning", "note")
    return tuple(sorted(rules, key=lambda r: (order.index(r.header.severity), r.code)))


def _read_rule(path: Path) -> Rule:
    lines = path.read_text(encoding="utf-8").splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    comments = [line.removeprefix("--").strip() for line in lines[:length]]
    query = "\n".join(lines[length:]).strip().rstrip(";")
    if not comments or "=" in comments[0] or not query:
        raise SettingsWrong(
            f"{path.name}: expected a first line '-- One row is …', then '-- key = value' lines, "
            f"then one query"
        )
    try:
        header = Header.model_validate(tomllib.loads("\n".join(comments[1:])))
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsWrong(
            f"{path.name}: {wrong} of the header; expected '-- key = value' lines, texts in quotes"
        ) from None
    except ValidationError as wrong:
        found = "; ".join(
            f"'{'.'.join(str(part) for part in e['loc'])}': {_plain(e['msg'])}"
            for e in wrong.errors()
        )
        raise SettingsWrong(f"{path.name}: {found}") from None
    if header.code != path.stem:
        raise SettingsWrong(
            f"{path.name}: 'code' = '{header.code}'; expected '{path.stem}', the file's name"
        )
    return Rule(header, comments[0], query, path.name)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Extra inputs are", "this key is")


def compile_rules(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    """Plan every rule without running it. Raises SettingsWrong naming each rule that is broken."""
    wrong = []
    for rule in rules:
        try:
            con.execute(f"explain {rule.query}").fetchall()
            columns = [row[0] for row in con.execute(f"describe {rule.query}").fetchall()]
        except duckdb.Error as error:
            wrong.append(f"{rule.file_name}: {str(error).splitlines()[0]}")
            continue
        unknown = sorted(set(columns) - set(ISSUE_COLUMNS))
        if unknown:
            wrong.append(
                f"{rule.file_name}: the query returns '{unknown[0]}'; expected columns out of "
                f"{', '.join(ISSUE_COLUMNS)}"
            )
        elif len(columns) != len(set(columns)):
            wrong.append(f"{rule.file_name}: the query returns a column twice")
        elif ("{found}" in rule.header.message) != ("found" in columns):
            wrong.append(f"{rule.file_name}: the message and the query must both have 'found'")
    if wrong:
        raise SettingsWrong("\n".join(wrong))
