"""Errors planted into the invented schools, each at a known place, one function a rule.

A function makes the data of a school and term wrong and returns where the rule has to find it: a
row or pupil, a whole school, or a class.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.identifiers import upn_check_letter
from tests.planted_schools import FIRST_URN, STEPS, TERMS, TESTED, Pupil, Row, World, name_of


@dataclass(frozen=True)
class Planted:
    """Where a rule has to find something; what is None, or a `t` of -1, may be anything."""

    rule_code: str
    school: int
    t: int
    pupil: Pupil | None = None
    subject: str | None = None
    class_name: str | None = None
    rows: tuple[int, ...] = ()


@dataclass
class Planter:
    """A world being made wrong; a pupil is used once."""

    world: World
    used: set[int] = field(default_factory=set)
    planted: list[Planted] = field(default_factory=list)

    def pupil(self, school: int, t: int) -> Pupil:
        """A pupil who is there in every term, and in whom nothing is wrong."""
        fit = [
            p
            for p in self.world.pupils
            if p.school == school
            and p.terms == range(4)
            and not p.cells["leaving_date"]
            and p.number not in self.used
        ]
        chosen = self.world.dice.choice(fit)
        self.used.add(chosen.number)
        return chosen

    def result(self, p: Pupil, t: int, kind: str = "teacher", subject: str = "maths") -> Row:
        return next(
            r
            for r in self.world.rows(p, t, "results")
            if (r.cells["subject"], r.cells["assessment_kind"]) == (subject, kind)
        )

    def all_rows(self, p: Pupil, t: int) -> list[Row]:
        return self.world.rows(p, t, "roll") + self.world.rows(p, t, "results")

    def set(self, rows: Iterable[Row], **cells: str) -> None:
        for row in rows:
            row.cells |= cells

    def drop(self, rows: Iterable[Row], school: int, t: int, kind: str) -> None:
        gone = {id(r) for r in rows}
        key = school, t, kind
        self.world.files[key] = [r for r in self.world.files[key] if id(r) not in gone]


Planting = Callable[[Planter, int, int], Planted]
BY_ROW: dict[str, Planting] = {}
BY_SCHOOL: dict[str, Planting] = {}
BY_CLASS: dict[str, Callable[["Planter", int, int, str], Planted]] = {}


def _in_result(code: str, kind: str = "teacher", **cells: str) -> None:
    """An error that is a result with these cells."""

    def plant(at: Planter, school: int, t: int) -> Planted:
        p = at.pupil(school, t)
        row = at.result(p, t, kind)
        at.set([row], **cells)
        return Planted(code, school, t, rows=(id(row),))

    BY_ROW[code] = plant


def _of_pupil(code: str, files: str = "roll results", **cells: str) -> None:
    """An error that is a pupil with these cells in the files of a term."""

    def plant(at: Planter, school: int, t: int) -> Planted:
        p = at.pupil(school, t)
        for kind in files.split():
            at.set(at.world.rows(p, t, kind), **cells)
        return Planted(code, school, t, p)

    BY_ROW[code] = plant


def _by_row(plant: Planting) -> Planting:
    BY_ROW[plant.__name__.removeprefix("_")] = plant
    return plant


def _by_school(plant: Planting) -> Planting:
    BY_SCHOOL[plant.__name__.removeprefix("_")] = plant
    return plant


def _by_class(plant: Callable[[Planter, int, int, str], Planted]) -> None:
    BY_CLASS[plant.__name__.removeprefix("_")] = plant


_in_result("outcome_not_on_scale", outcome="EXP")
_in_result("score_out_of_range", "test", outcome="1010", scale="standardised")
_in_result("row_term", term="Michaelmas")
_in_result("row_subject", subject="phonics")
_in_result("row_scale", scale="percent")
_in_result("row_school", school="#N/A")
_in_result("row_pupil", upn="", admission_number="", surname="", forename="")
_in_result("date_before_entry", assessment_date="2021-01-15")
_in_result("left_but_on_roll", outcome="L", scale="ta")
_of_pupil("class_missing", class_name="")
_of_pupil("date_of_birth_missing", date_of_birth="")
_of_pupil("upn_missing", upn="")
_of_pupil("sex_missing", sex="")
_of_pupil("group_code", "roll", sen="Q")
_of_pupil("dates_impossible", leaving_date="2021-09-01", entry_date="2021-09-06")
_of_pupil("left_before_term", "roll", leaving_date="2023-12-20")
_of_pupil("both_names_changed", surname="Newname", forename="Newforename")
_of_pupil("name_changed", surname="Newname")


@_by_row
def _row_columns(at: Planter, school: int, t: int) -> Planted:
    row = at.result(at.pupil(school, t), t)
    row.too_many = 1
    return Planted("row_columns", school, t, rows=(id(row),))


@_by_row
def _row_year_group(at: Planter, school: int, t: int) -> Planted:
    roll = at.world.rows(at.pupil(school, t), t, "roll")
    at.set(roll, year_group="33")
    return Planted("row_year_group", school, t, rows=(id(roll[0]),))


@_by_row
def _result_blank(at: Planter, school: int, t: int) -> Planted:
    row = at.result(at.pupil(school, t), t, subject="writing")
    row.cells["outcome"] = ""
    return Planted("result_blank", school, t, rows=(id(row),))


@_by_row
def _two_results(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    row = at.result(p, t, "test")
    row.cells["outcome"] = "99" if at.world.tests_on(school) == "standardised" else "31"
    again = Row(row.cells | {"outcome": str(int(row.cells["outcome"]) + 2)}, p)
    rows = at.world.files[school, t, "results"]
    rows.insert(rows.index(row) + 1, again)
    return Planted("two_results", school, t, p)


@_by_row
def _no_result_contradicted(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    row = at.result(p, t)
    row.cells["outcome"] = "WTS" if at.world.judged_on(school) == "ta" else "2b"
    at.world.files[school, t, "results"].append(Row(row.cells | {"outcome": "A"}, p))
    return Planted("no_result_contradicted", school, t, p)


@_by_row
def _upn_format(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    at.set(at.all_rows(p, t), upn=p.cells["upn"][:-1])
    return Planted("upn_format", school, t, p)


@_by_row
def _upn_check_letter(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    wrong = "B" if p.cells["upn"][0] != "B" else "C"
    for term in range(4):
        at.set(at.all_rows(p, term), upn=wrong + p.cells["upn"][1:])
    return Planted("upn_check_letter", school, t, p)


@_by_row
def _temporary_upn_old(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    body = p.cells["upn"][1:12] + "ABCDEFGHJK"[int(p.cells["upn"][12])]
    for term in range(4):
        at.set(at.all_rows(p, term), upn=upn_check_letter(body) + body)
    return Planted("temporary_upn_old", school, 3, p)


@_by_row
def _pupil_two_upns(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    body = f"998{p.cells['upn'][4:]}"
    at.set(at.all_rows(p, 3), upn=upn_check_letter(body) + body)
    return Planted("pupil_two_upns", school, 3, p)


@_by_row
def _former_upn_of_another(at: Planter, school: int, t: int) -> Planted:
    p, other = at.pupil(school, t), at.pupil(school, t)
    at.set(at.world.rows(p, t, "roll"), former_upn=other.cells["upn"])
    return Planted("former_upn_of_another", school, t, p)


@_by_row
def _row_shared_upn(at: Planter, school: int, t: int) -> Planted:
    p, other = at.pupil(school, t), at.pupil(school, t)
    roll = at.world.rows(p, t, "roll")
    at.set(roll, upn=other.cells["upn"])
    return Planted("row_shared_upn", school, t, rows=(id(roll[0]),))


@_by_row
def _row_ambiguous_pupil(at: Planter, school: int, t: int) -> Planted:
    p, other = at.pupil(school, t), at.pupil(school, t)
    at.set(at.all_rows(other, t), admission_number=p.cells["admission_number"])
    row = at.result(p, t)
    at.set([row], upn="")
    return Planted("row_ambiguous_pupil", school, t, rows=(id(row),))


@_by_row
def _likely_duplicate(at: Planter, school: int, t: int) -> Planted:
    p, other = at.pupil(school, t), at.pupil(school, t)
    names = {k: p.cells[k] for k in ("surname", "forename", "date_of_birth")}
    for term in range(4):
        at.set(at.all_rows(other, term), **names)
    return Planted("likely_duplicate", school, t)


@_by_row
def _admission_number_shared(at: Planter, school: int, t: int) -> Planted:
    p, other = at.pupil(school, t), at.pupil(school, t)
    at.set(at.all_rows(p, t), admission_number=other.cells["admission_number"])
    return Planted("admission_number_shared", school, t)


@_by_row
def _year_group_age(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    year, rest = p.cells["date_of_birth"].split("-", 1)
    for term in range(4):
        at.set(
            at.all_rows(p, term), date_of_birth=f"{int(year) - 3}-{rest}".replace("02-29", "02-28")
        )
    return Planted("year_group_age", school, t, p)


@_by_row
def _year_group_age_above(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    year, rest = p.cells["date_of_birth"].split("-", 1)
    for term in range(4):
        at.set(
            at.all_rows(p, term), date_of_birth=f"{int(year) + 1}-{rest}".replace("02-29", "02-28")
        )
    return Planted("year_group_age_above", school, t, p)


@_by_row
def _date_of_birth_changed(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    year, month, day = p.cells["date_of_birth"].split("-")
    at.set(at.all_rows(p, t), date_of_birth=f"{year}-{month}-{int(day) % 28 + 1:02d}")
    return Planted("date_of_birth_changed", school, t, p)


@_by_row
def _sex_changed(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    at.set(at.all_rows(p, t), sex="M" if p.cells["sex"] == "F" else "F")
    return Planted("sex_changed", school, t, p)


@_by_row
def _two_schools(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    other = (school + 1) % at.world.size.schools
    (roll,) = at.world.rows(p, t, "roll")
    moved = {"school": str(FIRST_URN + other), "school_name": "", "admission_number": ""}
    at.world.files[other, t, "roll"].append(Row(roll.cells | moved, None))
    return Planted("two_schools", school, t, p)


@_by_row
def _result_not_on_roll(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    at.drop(at.world.rows(p, t, "roll"), school, t, "roll")
    return Planted("result_not_on_roll", school, t, p)


@_by_row
def _missed_out(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    for kind in ("roll", "results"):
        at.drop(at.world.rows(p, 3, kind), school, 3, kind)
    return Planted("missed_out", school, 3, p)


@_by_row
def _result_missing(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    theirs = [r for r in at.world.rows(p, t, "results") if r.cells["subject"] == "writing"]
    at.drop(theirs, school, t, "results")
    return Planted("result_missing", school, t, p, "writing")


@_by_row
def _date_outside_term(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    year = TERMS[t][0][:4]
    at.set([at.result(p, t)], assessment_date=f"{int(year) + 1}-06-20")
    return Planted("date_outside_term", school, t, p)


@_by_row
def _result_after_leaving(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    left = {"autumn": "10-03", "spring": "01-16"}[TERMS[t][1]]
    year = int(TERMS[t][0][:4]) + (TERMS[t][1] == "spring")
    at.set(at.world.rows(p, t, "roll"), leaving_date=f"{year}-{left}")
    return Planted("result_after_leaving", school, t, p)


@_by_row
def _jump_too_large(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    before, now = at.result(p, t - 1, "test"), at.result(p, t, "test")
    at.set([before], scale="standardised", outcome="86")
    at.set([now], scale="standardised", outcome="139")
    return Planted("jump_too_large", school, t, p)


@_by_row
def _teacher_and_test_differ(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    at.set([at.result(p, t)], scale="ta", outcome="GDS")
    at.set([at.result(p, t, "test")], scale="standardised", outcome="64")
    return Planted("teacher_and_test_differ", school, t, p)


@_by_row
def _outcome_too_high(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    at.set([at.result(p, t)], scale="nc-level", outcome=STEPS[-1])
    at.set(at.all_rows(p, t), year_group=str(p.year_in(t)))
    return Planted("outcome_too_high", school, t, p)


@_by_row
def _paper_of_another_year(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    row = at.result(p, t, "test")
    outcome = "99" if at.world.tests_on(school) == "standardised" else "31"
    at.set([row], assessment=f"Invented Test Year {p.year_in(t) + 1}", outcome=outcome)
    return Planted("paper_of_another_year", school, t, p)


# Once in a school of its own.


@_by_school
def _roll_over(at: Planter, school: int, t: int) -> Planted:
    for row in at.world.files[school, t, "roll"]:
        year, rest = row.cells["date_of_birth"].split("-", 1)
        row.cells["date_of_birth"] = f"{int(year) + 1}-{rest}".replace("02-29", "02-28")
    return Planted("roll_over", school, t)


@_by_school
def _term_sent_again(at: Planter, school: int, t: int) -> Planted:
    _copy_forward(at, school, t, at.world.files[school, t, "results"])
    return Planted("term_sent_again", school, t, subject="maths")


def _copy_forward(at: Planter, school: int, t: int, rows: Iterable[Row]) -> None:
    """Give tests in maths the outcome of the term before."""
    for row in _tests(rows):
        if row.pupil and t - 1 in row.pupil.terms:
            row.cells["outcome"] = at.result(row.pupil, t - 1, "test").cells["outcome"]


def _tests(rows: Iterable[Row], subjects: tuple[str, ...] = ("maths",)) -> Iterator[Row]:
    for row in rows:
        c = row.cells
        if c["assessment_kind"] == "test" and c["subject"] in subjects and c["outcome"] != "A":
            yield row


def _of_class(at: Planter, school: int, t: int, name: str) -> list[Row]:
    """The rows of results of a class."""
    rows = at.world.files[school, t, "results"]
    return [r for r in rows if r.cells["class_name"] == name]


def _a_class(at: Planter) -> str:
    return f"{max(at.world.size.year_groups)}A"


@_by_school
def _another_schools_pupils(at: Planter, school: int, t: int) -> Planted:
    whose = at.world.files[at.world.size.schools - 1, t, "roll"]
    ours = {"school": str(FIRST_URN + school), "school_name": ""}
    at.world.files[school, t, "roll"] = [Row(r.cells | ours, None) for r in whose]
    return Planted("another_schools_pupils", school, t)


@_by_school
def _marks_for_scores(at: Planter, school: int, t: int) -> Planted:
    for row in _tests(at.world.files[school, t, "results"]):
        row.cells |= {"scale": "standardised", "outcome": str(int(row.cells["outcome"]) // 3)}
    return Planted("marks_for_scores", school, t, subject="maths")


@_by_school
def _school_name_of_another(at: Planter, school: int, t: int) -> Planted:
    other = name_of(at.world.size.schools - 1)
    at.set(at.world.files[school, t, "roll"], school_name=f"{other} Primary School")
    return Planted("school_name_of_another", school, t)


@_by_school
def _class_not_assessed(at: Planter, school: int, t: int) -> Planted:
    name = _a_class(at)
    rows = _of_class(at, school, t, name)
    gone = [r for r in rows if r.cells["subject"] == "writing"]
    at.drop(gone, school, t, "results")
    return Planted("class_not_assessed", school, t, subject="writing", class_name=name)


@_by_school
def _subject_missing(at: Planter, school: int, t: int) -> Planted:
    rows = at.world.files[school, t, "results"]
    at.drop([r for r in rows if r.cells["subject"] == "writing"], school, t, "results")
    return Planted("subject_missing", school, t, subject="writing")


@_by_school
def _year_group_unknown(at: Planter, school: int, t: int) -> Planted:
    p = at.pupil(school, t)
    for term in range(4):
        for kind in ("roll", "results"):
            at.drop(at.world.rows(p, term, kind), school, term, kind)
    at.world.files[school, t, "roll"] = []
    cells = p.cells | {"academic_year": TERMS[t][0], "term": TERMS[t][1], "subject": "maths"}
    row = Row(cells | {"scale": "ta", "outcome": "EXS"}, p)
    at.world.files[school, t, "results of one"] = [row]
    return Planted("year_group_unknown", school, t, rows=(id(row),))


def _leave_out(at: Planter, school: int, t: int, gone: Callable[[Row], bool]) -> None:
    for kind in ("roll", "results"):
        at.drop([r for r in at.world.files[school, t, kind] if gone(r)], school, t, kind)


@_by_school
def _class_left_out(at: Planter, school: int, t: int) -> Planted:
    name = _a_class(at)
    _leave_out(at, school, t, lambda r: r.cells["class_name"] == name)
    return Planted("class_left_out", school, t, class_name=name)


@_by_school
def _year_group_left_out(at: Planter, school: int, t: int) -> Planted:
    year = str(max(at.world.size.year_groups))
    _leave_out(at, school, t, lambda r: r.cells["year_group"] == year)
    return Planted("year_group_left_out", school, t)


@_by_school
def _roll_incomplete(at: Planter, school: int, t: int) -> Planted:
    _leave_out(at, school, t, lambda r: bool(r.pupil and r.pupil.number % 3 == 0))
    return Planted("roll_incomplete", school, t)


@_by_school
def _roll_grown(at: Planter, school: int, t: int) -> Planted:
    _leave_out(at, school, t - 1, lambda r: bool(r.pupil and r.pupil.number % 3 == 0))
    return Planted("roll_grown", school, t)


@_by_school
def _column_gone(at: Planter, school: int, t: int) -> Planted:
    for kind in ("roll", "results"):
        at.set(at.world.files[school, t, kind], sex="")
    return Planted("column_gone", school, t)


@_by_school
def _group_all_blank(at: Planter, school: int, t: int) -> Planted:
    for kind in ("roll", "results"):
        at.set(at.world.files[school, t, kind], pupil_premium="")
    return Planted("group_all_blank", school, t)


@_by_school
def _class_list_not_rolled_over(at: Planter, school: int, t: int) -> Planted:
    for kind in ("roll", "results"):
        for row in at.world.files[school, 2, kind]:
            if row.pupil:
                row.cells["class_name"] = row.pupil.class_in(1)
    return Planted("class_list_not_rolled_over", school, 2)


@_by_school
def _subject_confused(at: Planter, school: int, t: int) -> Planted:
    rows = at.world.files[school, t, "results"]
    writing = [r for r in rows if r.cells["subject"] == "writing"]
    at.set(writing, assessment="Invented spelling test")
    return Planted("subject_confused", school, t, subject="writing")


@_by_school
def _totals_row(at: Planter, school: int, t: int) -> Planted:
    rows = at.world.files[school, t, "results"]
    blank = dict.fromkeys(("upn", "admission_number", "forename", "date_of_birth"), "")
    rows.append(Row(rows[-1].cells | blank | {"surname": "Class average", "outcome": "98"}, None))
    return Planted("totals_row", school, t)


@_by_school
def _rows_repeated(at: Planter, school: int, t: int) -> Planted:
    rows = at.world.files[school, t, "results"]
    rows += [Row(dict(r.cells), r.pupil) for r in rows[: len(rows) // 5]]
    return Planted("rows_repeated", school, t)


@_by_school
def _term_out_of_line(at: Planter, school: int, t: int) -> Planted:
    rows = at.world.files[school, t, "results"]
    at.set(rows[:5], academic_year="2052-53")
    return Planted("term_out_of_line", school, -1)


@_by_school
def _paper_of_another_term(at: Planter, school: int, t: int) -> Planted:
    other = TERMS[t - 1][1]
    for row in _tests(at.world.files[school, t, "results"]):
        row.cells["assessment"] = f"Invented Test {other}"
    return Planted("paper_of_another_term", school, t, subject="maths")


@_by_school
def _teacher_missing(at: Planter, school: int, t: int) -> Planted:
    name = _a_class(at)
    rows = _of_class(at, school, t, name)
    roll = [r for r in at.world.files[school, t, "roll"] if r.cells["class_name"] == name]
    at.set([*rows, *roll], teacher="")
    return Planted("teacher_missing", school, t, class_name=name)


@_by_school
def _missing_by_group(at: Planter, school: int, t: int) -> Planted:
    for row in at.world.files[school, t, "results"]:
        if row.cells["subject"] == "maths" and row.cells["pupil_premium"] == "Y":
            row.cells["outcome"] = "A"
    return Planted("missing_by_group", school, t, subject="maths")


@_by_class
def _copied_forward(at: Planter, school: int, t: int, name: str) -> Planted:
    rows = _of_class(at, school, t, name)
    _copy_forward(at, school, t, rows)
    return Planted("copied_forward", school, t, subject="maths", class_name=name)


@_by_class
def _class_all_same(at: Planter, school: int, t: int, name: str) -> Planted:
    rows = _of_class(at, school, t, name)
    at.set(_tests(rows), outcome="57")
    return Planted("class_all_same", school, t, subject="maths", class_name=name)


@_by_class
def _heaped_on_threshold(at: Planter, school: int, t: int, name: str) -> Planted:
    rows = _of_class(at, school, t, name)
    tests = sorted(_tests(rows), key=lambda r: int(r.cells["outcome"]))
    at.set(tests[: len(tests) // 2], outcome="90")
    return Planted("heaped_on_threshold", school, t, subject="maths", class_name=name)


@_by_class
def _class_mean_shifted(at: Planter, school: int, t: int, name: str) -> Planted:
    rows = _of_class(at, school, t, name)
    for row in _tests(rows):
        row.cells["outcome"] = str(min(140, int(row.cells["outcome"]) + 25))
    return Planted("class_mean_shifted", school, t, subject="maths", class_name=name)


@_by_class
def _subjects_swapped(at: Planter, school: int, t: int, name: str) -> Planted:
    rows = _of_class(at, school, t, name)
    turned = dict(zip(TESTED, reversed(TESTED), strict=True))
    for row in _tests(rows, TESTED):
        row.cells["subject"] = turned[row.cells["subject"]]
    return Planted("subjects_swapped", school, t, class_name=name)


@_by_class
def _teacher_far_from_test(at: Planter, school: int, t: int, name: str) -> Planted:
    rows = _of_class(at, school, t, name)
    judged = [
        r for r in rows if (r.cells["assessment_kind"], r.cells["subject"]) == ("teacher", "maths")
    ]
    at.set(judged, scale="ta", outcome="GDS")
    return Planted("teacher_far_from_test", school, t, subject="maths", class_name=name)
