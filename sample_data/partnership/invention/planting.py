"""Plants the errors: pupils who exist for one, and then the rows that are wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from invention.calendar import LATEST, TERMS
from invention.exports import Files, written_day
from invention.mistakes import NEWCOMERS, WRONG_RESULTS
from invention.pupils import Pupil, Registrar, Stay
from invention.schools import BY_KEY
from invention.tables import Export, Row


@dataclass(frozen=True)
class Planted:
    """An error: the rule that finds it, and its row where it is in one row."""

    rule_code: str
    export: Export
    row: Row | None
    what: str


@dataclass
class Planting:
    """Makes the pupils first (``cast``), and plants when the files are made (``plant``)."""

    registrar: Registrar
    cast_of: dict[str, Pupil] = field(default_factory=dict)
    newcomers: list[Pupil] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    _used: set[int] = field(default_factory=set)

    def cast(self) -> list[Pupil]:
        """Pupils who are there only for the sake of an error."""
        self.newcomers = [self._newcomer(one.school, one.term) for one in NEWCOMERS]
        parts = {
            "shared upn, first": self._newcomer("sallowfen", LATEST),
            "shared upn, second": self._newcomer("sallowfen", LATEST),
            "not on roll": self._newcomer("sallowfen", LATEST, year=5),
            "duplicate": self._newcomer("quillmere", LATEST),
            "original": self._newcomer("quillmere", LATEST),
            "birth changed": self._newcomer("bramblecote", 3, last=LATEST),
            "two upns": self._newcomer("quillmere", 3, last=4),
            "missed out": self._newcomer("quillmere", 3, last=4, year=4),
            "two schools": self._newcomer("marrowby", 3, last=4),
            "before entry": self._newcomer("marrowby", LATEST, year=4),
        }
        parts["missed out"].stays[0].left = None
        parts["two schools"].stays[0].left = None
        number = self.registrar.admission_number(BY_KEY["pebblewick"])
        second = Stay(BY_KEY["pebblewick"], number, 4, LATEST, dt.date(2026, 1, 12))
        parts["two schools"].stays.append(second)
        parts["before entry"].stays[0].entered = dt.date(2026, 5, 11)
        self.cast_of = parts
        return [*self.newcomers, *parts.values()]

    def _newcomer(self, key: str, term: int, last: int | None = None, year: int = 0) -> Pupil:
        school = BY_KEY[key]
        pupil = self.registrar.pupil(school, year - term // 3, term, last or term)
        starting_year = TERMS[term].starting_year
        pupil.upn = self.registrar.upns.permanent(school.laestab % 10_000, starting_year)
        pupil.groups["expectation"] = ""
        if pupil.stays[0].last < LATEST:
            pupil.stays[0].left = TERMS[pupil.stays[0].last].ends
        return pupil

    def plant(self, files: Files) -> list[Planted]:
        """Make the files wrong; what was planted, each with its row where it has one."""
        for newcomer, pupil in zip(NEWCOMERS, self.newcomers, strict=True):
            export = files[newcomer.school, newcomer.term, "roll"]
            row = _row_of(export, pupil)
            row.cells |= newcomer.change(pupil, export.school, self.registrar)
            row.fields_too_many = newcomer.fields_too_many
            self._note(newcomer.rule_code, export, row, newcomer.what)
        for wrong in WRONG_RESULTS:
            export = files[wrong.school, wrong.term, wrong.kind]
            row = self._any_row(export, wrong.year, wrong.subject)
            row.cells |= wrong.change
            row.fields_too_many = wrong.fields_too_many
            self._note(wrong.rule_code, export, row, wrong.what)
        self._plant_on_rolls(files)
        self._plant_in_results(files)
        return self.planted

    def lose_upn(self, tests: Export, pupil: Pupil) -> Planted:
        """A test of a pupil whom the roll has twice, without the UPN that tells which one it is."""
        row = _row_of(tests, pupil)
        row.cells["upn"] = ""
        what = "no UPN, and two pupils of the school have the name and date of birth"
        return Planted("row_ambiguous_pupil", tests, row, what)

    def _plant_on_rolls(self, files: Files) -> None:
        cast = self.cast_of
        roll = files["sallowfen", LATEST, "roll"]
        shared = [_row_of(roll, cast[f"shared upn, {which}"]) for which in ("first", "second")]
        shared[1].cells["upn"] = shared[0].cells["upn"]
        for row in shared:
            self._note("row_shared_upn", roll, row, "two pupils of this file share a UPN")
        not_on_roll = _row_of(roll, cast["not on roll"])
        roll.rows.remove(not_on_roll)

        roll = files["quillmere", LATEST, "roll"]
        original, duplicate = _row_of(roll, cast["original"]), _row_of(roll, cast["duplicate"])
        for column in ("surname", "forename", "date_of_birth", "sex"):
            duplicate.cells[column] = original.cells[column]
        self._note("likely_duplicate", roll, None, "two pupils with one name and date of birth")
        self._note("missed_out", roll, None, "on roll last term, no leaving date, not sent now")

        roll = files["quillmere", 4, "roll"]
        row = _row_of(roll, cast["two upns"])
        row.cells["upn"] = self.registrar.upns.permanent(2003, 2025)
        self._note("pupil_two_upns", roll, None, "another UPN than last term")

        roll = files["bramblecote", LATEST, "roll"]
        pupil = cast["birth changed"]
        other_day = pupil.born.replace(day=pupil.born.day % 28 + 1)
        row = _row_of(roll, pupil)
        row.cells["date_of_birth"] = written_day(roll.school, other_day)
        self._note("date_of_birth_changed", roll, row, "another day of birth than last term")

        for key in ("marrowby", "pebblewick"):
            roll = files[key, 4, "roll"]
            row = _row_of(roll, cast["two schools"])
            self._note("two_schools", roll, row, "on roll in two schools, no leaving date")

    def _plant_in_results(self, files: Files) -> None:
        cast = self.cast_of
        results = files["sallowfen", LATEST, "results"]
        theirs = [row for row in results.rows if row.pupil is cast["not on roll"]]
        for row in theirs[1:]:
            results.rows.remove(row)
        self._note("result_not_on_roll", results, theirs[0], "results, but not on the roll")

        for key, term, year, subject in (
            ("thornlow", 5, 5, "writing"),
            ("pebblewick", 0, 2, "reading"),
        ):
            results = files[key, term, "results"]
            row = self._any_row(results, year, subject)
            other = "EXS" if row.cells["outcome"] != "EXS" else "WTS"
            second = Row(row.cells | {"outcome": other}, row.pupil, row.year)
            results.rows.insert(results.rows.index(row) + 1, second)
            self._note("two_results", results, second, "another outcome than the row above")

        results = files["pebblewick", LATEST, "results"]
        results.rows.remove(self._any_row(results, 3, "writing"))
        self._note("result_missing", results, None, "a pupil of Year 3 has no row for writing")

        results = files["bramblecote", 3, "results"]
        results.rows = [
            row for row in results.rows if (row.year, row.cells["subject"]) != (5, "writing")
        ]
        self._note("subject_missing", results, None, "Year 5 has no writing results")

        results = files["marrowby", LATEST, "results"]
        row = _row_of(results, cast["before entry"])
        row.cells["assessment_date"] = "2026-05-05"
        row.cells["outcome"] = "EXS"
        self._note("date_before_entry", results, row, "assessed before the pupil joined")

    def _any_row(self, export: Export, year: int, subject: str) -> Row:
        """A row with an outcome, of a pupil in whom nothing else is wrong."""
        cast = {id(pupil) for pupil in (*self.newcomers, *self.cast_of.values())}
        rows = [
            row
            for row in export.rows
            if (row.year, row.cells.get("subject")) == (year, subject)
            and row.cells["outcome"] not in ("", "A", "D")
            and id(row.pupil) not in cast | self._used
        ]
        row = rows[len(rows) // 2]
        self._used.add(id(row.pupil))
        return row

    def _note(self, rule_code: str, export: Export, row: Row | None, what: str) -> None:
        self.planted.append(Planted(rule_code, export, row, what))


def _row_of(export: Export, pupil: Pupil) -> Row:
    return next(row for row in export.rows if row.pupil is pupil)
