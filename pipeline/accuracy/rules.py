"""Accuracy rules: one file each, a header that describes the rule and a query for what breaks it.

A file is `data_schemas/accuracy/<code>.sql`. Its first line says what one row of the answer is;
the comment lines after it are TOML; the rest is one query. Each row of the answer is one thing
wrong. The query names its columns; those of `ISSUE_COLUMNS` that it leaves out are null. Numbers
stand in the header (`least`, `limits`), and the query names them: `$pupils`, `$share`.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import duckdb
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

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
    "detail": "varchar",
}
Owner = Literal["office", "class teacher", "data lead", "supplier"]
System = Literal[
    "management information system",
    "assessment tracker or markbook",
    "pipeline settings",
    "the test supplier's site",
]
Share = Annotated[float, Field(ge=0, lt=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
PLACE = re.compile(r"\$([a-z][a-z0-9_]*)")


class Header(BaseModel):
    """What a rule's file says of it.

    In the texts `{found}` and `{detail}` stand for the query's columns (an issue stays the same
    where only `detail` changes), `{count}` for how many issues are told together. `least` are the
    numbers under which the rule does not run, `limits` its thresholds. Issues of the rules that
    it `explains`, in the same rows, are not listed beside it. A rule for `head and data lead` asks
    a question; it is a note, never mended by the office.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Name
    title: str = Field(min_length=1)
    severity: Literal["error", "warning", "note"]
    level: Literal["file", "row", "pupil", "class", "school"]
    owner: Owner
    system: System
    audience: Literal["fix list", "head and data lead"] = "fix list"
    counts: Literal["row", "pupil", "result", "due"]
    message: str = Field(min_length=1)
    several: str = Field(min_length=1)
    fix: str = Field(min_length=1)
    why: str = Field(min_length=1)
    tolerance: Share = 0.0
    least: dict[Name, float] = {}
    limits: dict[Name, float] = {}
    explains: tuple[Name, ...] = ()

    @field_validator("message")
    @classmethod
    def only_found(cls, text: str) -> str:
        return _holding(text, {"{found}", "{detail}"})

    @field_validator("several")
    @classmethod
    def only_count(cls, text: str) -> str:
        if "{count}" not in text:
            raise ValueError("must hold {count}")
        return _holding(text, {"{count}"})

    @model_validator(mode="after")
    def questions_are_notes(self) -> Self:
        if self.audience == "head and data lead" and self.severity != "note":
            raise ValueError("a rule for head and data lead is a note")
        if set(self.least) & set(self.limits):
            raise ValueError("a number stands in 'least' and in 'limits'")
        return self


def _holding(text: str, allowed: set[str]) -> str:
    if set(re.findall(r"\{[^}]*\}?", text)) - allowed:
        raise ValueError(f"may hold {' and '.join(sorted(allowed))} and no other braces")
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

    @property
    def numbers(self) -> dict[str, float]:
        """The header's numbers by name."""
        return self.header.least | self.header.limits

    @property
    def bound_query(self) -> str:
        """The query with the header's numbers in the places that name them."""
        return PLACE.sub(
            lambda m: repr(self.numbers[m[1]]) if m[1] in self.numbers else m[0], self.query
        )


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
    wrong += _wrong_explanations(rules)
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    if not rules:
        raise SettingsWrong(f"{folder.name}: no rule found; expected files such as upn_format.sql")
    order = ("error", "warning", "note")
    return tuple(sorted(rules, key=lambda r: (order.index(r.header.severity), r.code)))


def _wrong_explanations(rules: list[Rule]) -> list[str]:
    """A rule explains rules that exist and explain nothing themselves, so no issue is lost."""
    explaining = {rule.code for rule in rules if rule.header.explains}
    known = {rule.code for rule in rules}
    return [
        f"{rule.file_name}: 'explains' = '{code}'; expected "
        + ("a rule that explains no other" if code in known else "the code of a rule")
        for rule in rules
        for code in rule.header.explains
        if code not in known or code in explaining
    ]


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
    rule = Rule(header, comments[0], query, path.name)
    differing = sorted(set(PLACE.findall(query)) ^ set(rule.numbers))
    if differing:
        raise SettingsWrong(
            f"{path.name}: '{differing[0]}'; expected each number of 'least' and 'limits' in the "
            f"query as ${differing[0]}, and no other"
        )
    return rule


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Extra inputs are", "this key is")


def compile_rules(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    """Plan every rule without running it. Raises SettingsWrong naming each rule that is broken."""
    wrong = []
    for rule in rules:
        try:
            # This plans it as well, and says what it returns.
            columns = [row[0] for row in con.execute(f"describe {rule.bound_query}").fetchall()]
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
        wrong += [
            f"{rule.file_name}: the message and the query must both have '{name}'"
            for name in ("found", "detail")
            if (f"{{{name}}}" in rule.header.message) != (name in columns)
        ]
    if wrong:
        raise SettingsWrong("\n".join(wrong))
