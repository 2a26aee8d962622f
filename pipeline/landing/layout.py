"""Which layout a header has: the standard results export, the standard roll, or none."""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pipeline.errors import ExportRefused
from pipeline.resources import resource


@dataclass(frozen=True)
class Layout:
    """A header understood: `kind` is roll or results, `columns` the standard name of each place.

    A place with None holds nothing that the program uses; `nearly` are those of them whose heading
    looks like a standard one, as place (from 1) and standard name.
    """

    kind: str
    columns: tuple[str | None, ...]
    nearly: tuple[tuple[int, str], ...] = ()

    @property
    def name(self) -> str:
        return f"standard-{self.kind}/{standard()['version']}"

    @property
    def unused(self) -> int:
        """Columns of the file that are not used."""
        return sum(c is None for c in self.columns)


@cache
def standard() -> dict[str, Any]:
    """`data_schemas/layouts/standard.toml`."""
    path = resource("data_schemas", "layouts", "standard.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def standard_columns() -> tuple[str, ...]:
    """Every standard column, in one fixed order."""
    s = standard()
    return tuple(
        s["required"] + s["one_of"] + s["results_only"] + s["optional"] + s["optional_in_results"]
    )


def header_key(text: str) -> str:
    """How headings are compared: without case, spaces and underscores."""
    return "".join(c for c in text.casefold() if not c.isspace() and c != "_")


@cache
def _by_key() -> dict[str, str]:
    return {header_key(c): c for c in standard_columns()}


@lru_cache(maxsize=4096)
def _standard_name(heading: str) -> str | None:
    return _by_key().get(header_key(heading))


@lru_cache(maxsize=4096)
def _nearly(heading: str) -> str | None:
    alike = difflib.get_close_matches(header_key(heading), _by_key(), n=1, cutoff=0.8)
    return _by_key()[alike[0]] if alike else None


def find_layout(header: list[str]) -> Layout:
    """Layout of a header. Raises ExportRefused; the message never quotes the file's own headings.

    (Where the heading is missing, the first line is a pupil.)
    """
    columns = tuple(_standard_name(h) for h in header)
    found = [c for c in columns if c]
    results = set(standard()["results_only"])
    kind = "results" if results & set(found) else "roll"
    missing = [c for c in standard()["required"] if c not in found]
    if kind == "results":
        missing += [c for c in standard()["results_only"] if c not in found]
    if not set(standard()["one_of"]) & set(found):
        missing.append(" or ".join(standard()["one_of"]))
    nearly = tuple(
        (place, name)
        for place, (heading, column) in enumerate(zip(header, columns, strict=True), start=1)
        if column is None and (name := _nearly(heading)) and name not in found
    )
    if len(missing) >= len(standard()["required"]):
        raise ExportRefused(
            f"line 1: the headings are not those of a standard export ({len(found)} of "
            f"{len(header)} are known). Expected headings such as academic_year, term, school, "
            f"upn, surname on line 1; docs/data-leads.md lists them."
        )
    if missing:
        names = ", ".join(f"'{m}'" for m in missing)
        hints = [f"column {at} is headed almost like '{n}': rename it" for at, n in nearly]
        if hints:
            raise ExportRefused(
                f"line 1: no column {names}, but {'; '.join(hints)}. Then send the export again."
            )
        raise ExportRefused(
            f"line 1: no column {names}. A standard {kind} export has "
            f"{'it' if len(missing) == 1 else 'them'}; add {names} to the export and send it again."
        )
    twice = sorted({c for c in found if found.count(c) > 1})
    if twice:
        places = [str(i) for i, c in enumerate(columns, start=1) if c == twice[0]]
        raise ExportRefused(
            f"line 1: columns {' and '.join(places)} are both headed '{twice[0]}'. Expected one; "
            f"take the other out of the export and send it again."
        )
    return Layout(kind, columns, nearly)
