"""What the five codes of a CTF result mean: `data_schemas/ctf/results.toml` and a programme's own.

Nothing is guessed: codes without an entry that is sourced or confirmed mean nothing here.
"""

import tomllib
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipeline.errors import SettingsWrong
from pipeline.resources import resource
from pipeline.settings import Kind, Section, Subject, TermName

ANY = "*"


class Codes(NamedTuple):
    """The codes of a result, in upper case."""

    stage: str
    subject: str
    method: str
    component: str
    qualifier: str


def _code(value: str) -> str:
    if value != ANY and not (value.isascii() and (value.isalnum() or not value)):
        raise ValueError("expected a code of letters and digits as in the file, or '*' for any")
    return value.upper()


Code = Annotated[str, AfterValidator(_code)]
Year = Annotated[int, Field(ge=1989, le=2100)]


class _Codes(Section):
    stage: Code
    subject: Code
    method: Code
    component: Code
    qualifier: Code


class CtfResult(Section):
    """An entry: results with these codes, in these years, are of this subject and scale."""

    codes: _Codes
    from_year: Year | None = None
    to_year: Year | None = None
    subject: Subject
    scale: str = Field(min_length=1)
    kind: Kind
    assessment: str = Field(min_length=1)
    term: TermName = "summer"
    certainty: Literal["sourced", "confirmed", "unverified"]
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _years_in_order(self) -> "CtfResult":
        if self.from_year and self.to_year and self.from_year > self.to_year:
            raise ValueError("'from_year' is after 'to_year'")
        return self

    @property
    def key(self) -> Codes:
        return Codes(**self.codes.model_dump())

    @property
    def any_codes(self) -> int:
        """How many of the five codes may be anything."""
        return self.key.count(ANY)

    def fits(self, codes: Codes, year: int) -> bool:
        in_years = (self.from_year or year) <= year <= (self.to_year or year)
        return in_years and all(k in (ANY, c) for k, c in zip(self.key, codes, strict=True))

    def shares_years(self, other: "CtfResult") -> bool:
        return (self.from_year or 0) <= (other.to_year or 9999) and (other.from_year or 0) <= (
            self.to_year or 9999
        )

    def meets(self, other: "CtfResult") -> bool:
        """Whether some result fits both equally well."""
        alike = all(
            a == b or ANY in (a, b) for a, b in zip(self.key, other.key, strict=True)
        ) and self.shares_years(other)
        return alike and self.any_codes == other.any_codes


class _Table(Section):
    version: int = 1
    result: tuple[CtfResult, ...] = ()


class CtfResults:
    """All entries; looked up by codes and year, each pair once."""

    def __init__(self, entries: tuple[CtfResult, ...]) -> None:
        self.entries = entries
        # By place of a code: those that some entry has there, and none.
        self.known = tuple(
            {"", *(e.key[place] for e in entries)} - {ANY} for place in range(len(Codes._fields))
        )
        self._found: dict[tuple[Codes, int], tuple[CtfResult | None, bool]] = {}

    def __repr__(self) -> str:
        """The same for the same entries: files are read again when it changes."""
        return f"CtfResults({self.entries!r})"

    def meaning(self, codes: Codes, year: int) -> CtfResult | None:
        """The entry to use. `year` is that in which the academic year ends."""
        return self._look_up(codes, year)[0]

    def awaits_confirmation(self, codes: Codes, year: int) -> bool:
        """Whether only an entry that nobody has verified fits."""
        return self._look_up(codes, year)[1]

    def _look_up(self, codes: Codes, year: int) -> tuple[CtfResult | None, bool]:
        found = self._found.get((codes, year))
        if found is None:
            fit = [e for e in self.entries if e.fits(codes, year)]
            used = [e for e in fit if e.certainty != "unverified"]
            best = min(used, key=lambda e: e.any_codes, default=None)
            found = (best, best is None and bool(fit))
            if len(self._found) < 10_000:
                self._found[codes, year] = found
        return found


def ctf_results(extra: Path | None = None) -> CtfResults:
    """Entries shipped, and those of `extra` (a programme's `ctf/results.toml`), which replace them.

    An entry replaces those of the same five codes and of years in common; as "unverified" it
    switches them off. Raises SettingsWrong naming every wrong key.
    """
    own = _read(extra) if extra and extra.exists() else ()
    shipped = (e for e in _shipped() if not any(e.key == o.key and e.shares_years(o) for o in own))
    entries = (*own, *shipped)
    in_use = [e for e in entries if e.certainty != "unverified"]
    twice = [" ".join(a.key) for a, b in combinations(in_use, 2) if a.meets(b)]
    if twice:
        raise SettingsWrong(
            f"ctf/results.toml: the entry for {', '.join(twice)} and another one fit the same "
            f"results. Expected one entry for each; give one of the two more codes, or years."
        )
    return CtfResults(entries)


@cache
def _shipped() -> tuple[CtfResult, ...]:
    return _read(resource("data_schemas", "ctf", "results.toml"))


def _read(path: Path) -> tuple[CtfResult, ...]:
    try:
        return _Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig"))).result
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(f"ctf/results.toml: {wrong}. Expected TOML in UTF-8.") from None
    except ValidationError as wrong:
        told = "; ".join(
            f"'{'.'.join(str(p + 1) if isinstance(p, int) else p for p in e['loc'])}': "
            f"{e['msg'].removeprefix('Value error, ')}"
            for e in wrong.errors()
        )
        raise SettingsWrong(
            f"ctf/results.toml: {told}. Compare data_schemas/ctf/results.toml."
        ) from None
