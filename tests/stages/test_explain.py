"""Why a pupil has each status, as `achievement explain` says it."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.calendar import Term
from pipeline.errors import SettingsWrong, WrongUsage
from pipeline.explain.command import explain
from pipeline.explain.facts import Facts
from pipeline.explain.lines import lines
from pipeline.folder import make_folder
from pipeline.programme import Programme
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from tests.stages.progress_house import (
    AUTUMN,
    MARROWBY,
    SPRING,
    SUMMER,
    THORNLOW,
    House,
    Row,
    enrolled,
    flagged,
    insert,
    open_house,
    result,
    rows_of,
    score,
)

LAST_SUMMER = SUMMER - 3
GARDEN = """
scale = "garden"
title = "Garden steps"
kind = "ladder"
assessment_kind = "teacher"
meaning = "this_point_in_year"
outcomes = [
  { outcome = "Bulb", points = 1 },
  { outcome = "Leaf", points = 2 },
  { outcome = "Bloom", points = 3 },
]
[expected]
"5" = { autumn = "Bulb", spring = "Bulb", summer = "Bulb" }
"""
KNOWN = '[[paper]]\nscale = "standardised"\nstandard_error = 4\n'
Explained = Callable[..., str]


def plain(told: list[str]) -> str:
    """The text without its line ends and indents."""
    return re.sub(r"\s+", " ", " ".join(told))


def figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


# the sample partnership


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    folder = tmp_path_factory.mktemp("explained") / "sample"
    make_folder(folder, sample=True)
    programme = Programme(folder)
    run(programme, ("ingest", "check", "flag"))
    programme.private.mkdir(exist_ok=True)
    return programme


SOME = """
select distinct pupil_id, term_no
from progress.flag
where reason in ('slow', 'drop')
  or pupil_id % 307 = 0
order by pupil_id, term_no
"""


def test_every_flag_is_explained_with_its_own_figures_file_and_line(sample: Programme) -> None:
    seen = set()
    with open_warehouse(sample, read_only=True) as con:
        for pupil, term_no in con.execute(SOME).fetchall():
            facts = Facts(con, pupil, Term(term_no))
            told = plain(lines(facts))
            where = f"where pupil_id = {pupil} and term_no = {term_no}"
            flags = rows_of(con, f"from progress.flag {where}")
            for f in flags:
                names = ("value", "expected", "baseline", "certainty", "n")
                parts = [f"{n} {figure(f[n])}" for n in names if f[n] is not None]
                parts += ["certainty not known"] if f["certainty"] is None else []
                said = ", ".join([*parts, f["certainty_band"]])
                line = f"{f['reason']}: {said}; file {f['file_id']}, line {f['line']}"
                assert line in told
                seen.add(f["reason"])
            assert len(re.findall(r"(clear|borderline); file \d+, line \d+", told)) == len(flags)
            for s in rows_of(con, f"from progress.status {where}"):
                of_subject = told.split(f"{s['subject'].upper()}: ")[1].split("Earlier terms")[0]
                assert ("So this is a drop" in of_subject) is s["dropped"]
                assert ("So progress is slow" in of_subject) is s["slow"]
                assert ("and is missed" in of_subject) is s["off_target"]
    assert seen == {"below", "slow", "drop", "off_target"}


def test_pupils_of_every_status_are_explained_in_80_columns_without_a_upn(
    sample: Programme,
) -> None:
    found: dict[str, int] = {}
    with open_warehouse(sample, read_only=True) as con:
        pupils = con.execute(
            "select min(pupil_id), max(term_no) from progress.status where term_no = "
            "(select max(term_no) from progress.status) "
            "group by status, progress_status, own_steps, new_to_school"
        ).fetchall()
        upns = {u for (u,) in con.execute("select distinct upn from core.pupil").fetchall() if u}
        for pupil, term_no in pupils:
            told = lines(Facts(con, pupil, Term(term_no)))
            assert max(map(len, told)) <= 79
            assert not upns & set(re.findall(r"\w{13}", " ".join(told)))
            for words in re.findall(r"^[A-Z]+: ([a-z ]+)[,.]", "\n".join(told), re.MULTILINE):
                found[words] = found.get(words, 0) + 1
            assert told.index("FILES") < len(told) - 1
    assert set(found) == {"on track", "underachieving", "not assessed", "not comparable"}


def test_explaining_changes_nothing(sample: Programme) -> None:
    def state() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in sample.folder.rglob("*") if p.is_file()}

    before = state()
    assert explain(sample, "1832", school="990004")
    with pytest.raises(WrongUsage):
        explain(sample, "1832")
    assert state() == before


# which pupil


def wrong(programme: Programme, number: str, **more: Any) -> str:
    with pytest.raises(WrongUsage) as told:
        explain(programme, number, **more)
    return str(told.value)


def test_a_number_of_several_schools_asks_for_the_school(sample: Programme) -> None:
    told = wrong(sample, "001832")
    assert "3 pupils" in told
    assert "--school 990004" in told
    assert "Nettlelow" not in told
    for school in ("990004", "Pebblewick  pretend primary"):
        assert explain(sample, "001832", school=school)[0].startswith("Maja Nettlelow (001832)")


def test_a_number_that_two_pupils_of_a_school_had_asks_for_the_programs_own(
    sample: Programme,
) -> None:
    told = wrong(sample, "001751", school="990003")
    own = re.findall(r"(\d+) at", told)
    assert len(own) == 2
    names = {explain(sample, number)[0] for number in own}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("number", "more", "named"),
    [
        ("31415926", {}, "nobody has had this admission number"),
        ("001832", {"school": "990001"}, "nobody at this school"),
        ("001832", {"school": "Canaryhurst"}, "--school: no school"),
        ("001832", {"subject": "canary", "school": "990004"}, "maths, reading, writing"),
        ("A123456789012", {}, "looks like a UPN"),
        (" a12345678901b", {}, "looks like a UPN"),
        ("", {}, "nobody"),
        ("0", {}, "nobody"),
        ("9" * 40, {}, "nobody"),
        ("'; drop table core.pupil; --", {}, "nobody"),
    ],
)
def test_who_is_not_found_is_told_so_without_what_was_typed(
    sample: Programme, number: str, more: dict[str, str], named: str
) -> None:
    told = wrong(sample, number, **more)
    assert named in told
    assert "canary" not in told.lower()
    assert not number.strip("0") or number.strip() not in told


def test_the_program_s_number_of_a_pupil_who_was_found_to_be_another(
    results: Callable[..., str], roll: Callable[..., str], programme_in: Any, tmp_path: Path,
    upn: Callable[[int], str], ask: Any,
) -> None:  # fmt: skip
    """A child on the roll without a UPN whom a later file gives both numbers of."""
    programme = programme_in(
        tmp_path / "merged",
        {
            "1.csv": roll({"admission_number": "7", "upn": ""}),
            "2.csv": results({"admission_number": "", "upn": upn(7)}),
        },
    )
    run(programme, ("ingest",))
    (programme.exports / "3.csv").write_text(
        roll({"admission_number": "7", "upn": upn(7)}), encoding="utf-8"
    )
    run(programme, ("ingest", "check", "flag"))
    for old, kept in ask(programme, "select old_pupil_id, kept_pupil_id from core.pupil_merge"):
        told = plain(explain(programme, str(old)))
        assert f"the program's number {kept}" in told
        assert f"the same child as number {old}" in told
        break
    else:
        pytest.fail("the two were not found to be one")


def test_before_anything_is_flagged_the_command_says_what_to_run(
    programme_of: Callable[..., Programme], results: Callable[..., str]
) -> None:
    programme = programme_of({"a.csv": results({})})
    run(programme, ("ingest",))
    with pytest.raises(SettingsWrong, match="achievement run"):
        explain(programme, "1")


def test_what_was_not_flagged_since_the_last_file_is_said(
    programme_of: Callable[..., Programme], results: Callable[..., str], send: Any
) -> None:
    programme = programme_of({"a.csv": results({})})
    run(programme, ("ingest", "check", "flag"))
    assert "since pupils were last flagged" not in plain(explain(programme, "1"))
    send(programme, {"b.csv": results({"outcome": "WTS"})})
    assert "since pupils were last flagged" in plain(explain(programme, "1"))


def test_the_file_and_line_are_those_of_the_export_and_what_it_replaced_is_named(
    programme_of: Callable[..., Programme], results: Callable[..., str], send: Any
) -> None:
    programme = programme_of({"a.csv": results({"admission_number": "9"}, {})})
    send(programme, {"b.csv": results({"outcome": "WTS"})})
    run(programme, ("check", "flag"))
    told = plain(explain(programme, "1"))
    assert "MATHS: underachieving, below expectation." in told
    assert "Result that decides WTS – Teacher assessment: file 2, line 2" in told
    assert "file 1, line 3: replaced or withdrawn by file 2." in told
    assert told.endswith("FILES 1 a.csv 2 b.csv")


# what decides, and what is compared


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("explain-house")) as house:
        yield house


@pytest.fixture
def told(house: House) -> Explained:
    """What is said of pupil 1 in the summer of Year 5, of maths alone."""

    def ask(results: list[Row], settings: str = "", name: str = "Ada", **pupil: Any) -> str:
        roll = [
            enrolled(1, t, surname="", forename=name, **pupil)
            for t in range(LAST_SUMMER, SUMMER + 1)
        ]
        con = flagged(house, roll, results, settings, {"garden": GARDEN})
        con.execute("delete from core.pupil")
        insert(con, "core.pupil", [{"pupil_id": 1, "forename": name, "surname": ""}])
        return plain(lines(Facts(con, 1, Term(SUMMER)), "maths"))

    return ask


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"outcome": None, "assessment_kind": "teacher"}, "a result goes before a reason"),
        ({"assessment_kind": "test"}, "(setting `decides`)"),
        ({"assessment": "A"}, "it has no date"),
        ({"assessment": "A", "assessment_date": dt.date(2026, 6, 1)}, "a later date goes first"),
        ({"assessment": "A", "assessment_date": dt.date(2026, 7, 1), "file_id": 1}, "later file"),
        ({"assessment": "A", "assessment_date": dt.date(2026, 7, 1), "line": 1}, "later line"),
        ({"school_id": THORNLOW, "assessment_date": dt.date(2026, 7, 1)}, "not shown"),
        ({"school_id": THORNLOW, "assessment_date": dt.date(2020, 8, 1)}, "a later date"),
    ],
)
def test_why_a_result_does_not_decide(told: Explained, other: Row, why: str) -> None:
    decides = result(1, "EXS", assessment="B", assessment_date=dt.date(2026, 7, 1))
    found = told([decides, result(1, **{"outcome": "WTS"} | other)])
    assert "Result that decides EXS – Teacher assessment, “B”, 1 July 2026: file 2, line 2" in found
    does_not = found.split("Other results of the term")[1].split("What is expected")[0]
    assert why in does_not
    assert ("WTS" in does_not) is ("outcome" not in other and "not shown" not in why)


def test_the_kind_that_a_due_asks_for_is_named(told: Explained) -> None:
    due = '[[due]]\nyear_groups = ["5"]\nsubjects = ["maths"]\nkind = "test"\n'
    found = told([result(1, "EXS"), score(1, 104)], due)
    assert "`kind` of its [[due]]" in found


@pytest.mark.parametrize(
    ("results", "settings", "said"),
    [
        ([result(1, "4c", scale="nc-level")], "", "there is no earlier result"),
        ([result(1, None)], "", "there is no result this term"),
        (
            [result(1, "EXS", SPRING), result(1, "4c", scale="nc-level")], "",
            "no earlier result is on the same scale and of the same kind",
        ),
        ([score(1, 99, term_no=SPRING), score(1, 99)], "", "how exact this test is"),
        (
            [score(1, 99, term_no=SPRING, scale="scaled"), score(1, 99, scale="scaled")],
            '[[paper]]\nscale = "scaled"\nexpected_score = 90\n',
            "are not one measure",
        ),
        (
            [result(1, "EXS", SPRING), result(1, "EXS")], "",
            "slow: not judged: there is no result of summer 2024-25",
        ),
        (
            [result(1, "Leaf", AUTUMN, scale="garden"), result(1, "Leaf", scale="garden")], "",
            "drop: not judged: on a scale of few outcomes one step has to be seen in two terms "
            "running, and the term before has no result",
        ),
        (
            [result(1, "Leaf", SPRING, scale="garden"), result(1, "Leaf", scale="garden")], "",
            "and there are fewer than three earlier results",
        ),
    ],
)  # fmt: skip
def test_why_progress_could_not_be_judged(
    told: Explained, results: list[Row], settings: str, said: str
) -> None:
    assert said in told(results, settings)


def test_new_to_the_school_is_why_progress_is_not_judged(told: Explained) -> None:
    earlier = result(1, "5a", SPRING, scale="nc-level")
    found = told([earlier, result(1, "4c", scale="nc-level")], entry_date=dt.date(2026, 5, 1))
    assert "not in the first 2 terms at a school (`settling_terms`)" in found
    assert "entered on 1 May 2026" in found
    assert "New to the school" in found


def test_a_drop_of_a_score_is_explained_by_the_errors_of_both_tests(told: Explained) -> None:
    found = told([score(1, 115, term_no=SPRING), score(1, 100)], KNOWN)
    assert "100 now, 115 in spring 2025-26 (file 2, line 2): 15 points lower." in found
    assert "more than 11.1 points, 1.96 × the error of the difference, √(4² + 4²)" in found
    assert "Standard error of measurement 4, by the [[paper]] for any paper of the scale" in found


def test_slow_progress_is_explained_by_both_comparisons(told: Explained) -> None:
    levels = [result(1, o, t, scale="nc-level") for t, o in ((LAST_SUMMER, "4c"), (SUMMER, "3a"))]
    found = told([*levels, result(1, "4c", LAST_SUMMER + 1, scale="nc-level")])
    assert (
        "4c in summer 2024-25 (file 2, line 2): " in found
        and "Slow is 2 steps or more by both." in found
    )


def test_an_outcome_under_the_whole_scale_is_lower_by_at_least_its_steps(told: Explained) -> None:
    found = told([result(1, "PK3", SPRING), result(1, "BLW")], expectation="own")
    assert "BLW now, PK3 in spring 2025-26 (file 2, line 2): at least 3 steps lower." in found
    one = told([result(1, "PK1", LAST_SUMMER), result(1, "BLW")], expectation="own")
    assert "how far under is not known" in one


def test_own_steps_name_the_target_and_no_year_group(told: Explained) -> None:
    found = told([result(1, "PK3", target="PK4")], expectation="own")
    assert "MATHS: underachieving, on own steps." in found
    assert "not compared with the year group" in found
    assert "the pupil's own target is PK4 by summer, and is missed" in found


def test_who_says_what_is_expected(told: Explained) -> None:
    means = f'[[school]]\nurn = {MARROWBY}\nmeaning = {{ ta = "this_point_in_year" }}\n'
    assert "by `meaning` of the school in pipeline.toml" in told([result(1, "EXS")], means)
    assert "[expected] of scales/garden.toml" in told([result(1, "Leaf", scale="garden")])
    assert "by `expected_standard_score`" in told([score(1, 99)])
    paper = '[[paper]]\nscale = "standardised"\nassessment = "Moss"\nexpected_score = 97\n'
    named = told([score(1, 99, assessment="Moss")], paper)
    assert "97 or more, by the [[paper]] “moss” in pipeline.toml" in named
    statutory = result(1, "104", scale="scaled", assessment="KS2", assessment_kind="test")
    assert "in scales/scaled.toml" in told([statutory], year_group="6")
    cohort = [result(p, str(p), scale="raw", assessment_kind="test") for p in range(1, 4)]
    assert "Ranked among the 1 pupil" in told(cohort)


def test_what_a_file_holds_gives_no_orders_to_a_terminal(told: Explained) -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07Ada\u202e"
    found = told([result(1, "EXS", assessment="\x1b[31mred\nline")], name=hostile)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", found)


def test_a_pupil_whom_no_school_counts_has_no_status_and_keeps_the_results(
    told: Explained,
) -> None:
    found = told([result(1, "EXS")], on_roll=False)
    assert "Counted by no school in summer 2025-26, so there is no status." in found
    assert "EXS – Teacher assessment" in found


def test_a_year_group_in_which_nothing_is_due(told: Explained) -> None:
    assert "No status: this subject is not due for Nursery 2" in told([], year_group="N2")


def test_small_steps_below_the_scale_are_told_with_both_results(told: Explained) -> None:
    before = result(1, "P8", LAST_SUMMER)
    fallen = told([before, result(1, "P6")], expectation="own")
    assert "P8 in summer 2024-25 (file 2, line 2): 2 steps lower" in fallen
    assert "So progress is slow." in fallen
    assert "itself says so" not in fallen
    risen = told([before, result(1, "PK1")], expectation="own")
    assert "P8 in summer 2024-25 (file 2, line 2): not lower" in risen
