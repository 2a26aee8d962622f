"""Project STAR, real results of 11,601 pupils: the published figures come out of the warehouse."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.programme import Programme
from pipeline.run import run

pytestmark = pytest.mark.slow

MAKE = Path(__file__).resolve().parents[2] / "sample_data" / "star" / "make_star.py"
NO_SCHOOL = 999999
SCHOOLS_BY_GRADE = {
    "1": 79, "2": 76, "3": 75, "4": 75, "5": 76, "6": 56, "7": 525, "8": 181, "9": 406,
}  # fmt: skip


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    folder = tmp_path_factory.mktemp("star") / "programme"
    subprocess.run([sys.executable, str(MAKE), str(folder)], check=True, capture_output=True)
    programme = Programme(folder)
    done = run(programme, ("ingest", "flag"))
    assert done.exit_code == 0
    assert done.ingested
    assert (done.ingested.rows_rejected, done.ingested.rows_skipped) == (0, 0)
    return programme


@pytest.fixture
def told(star: Programme, ask: Callable[..., Any]) -> Callable[[str], list[Any]]:
    return lambda sql: ask(star, sql)


def test_the_study_had_11601_pupils(told: Callable[[str], list[Any]]) -> None:
    assert told("select count(*), count(distinct upn) from core.pupil") == [(11_601, 11_601)]


def test_they_were_in_it_for_53653_pupil_years_of_which_1661_name_no_school(
    told: Callable[[str], list[Any]],
) -> None:
    assert told(
        f"select count(*), count(*) filter (where school_id = {NO_SCHOOL}), "
        f"count(*) filter (where on_roll) from core.enrolment"
    ) == [(53_653, 1_661, 53_653)]


def test_schools_in_each_grade_from_kindergarten_to_8(told: Callable[[str], list[Any]]) -> None:
    found = told(
        f"select year_group, count(distinct school_id) from core.enrolment "
        f"where school_id <> {NO_SCHOOL} group by year_group"
    )
    assert dict(found) == SCHOOLS_BY_GRADE


def test_123888_results(told: Callable[[str], list[Any]]) -> None:
    assert told(
        "select count(outcome), count(*) filter (where outcome_on_scale) from core.result"
    ) == [(123_888, 123_888)]
    assert told("select count(*) from core.result_history") == [(0,)]


def test_2619_pupils_have_maths_and_reading_in_all_of_kindergarten_to_3(
    told: Callable[[str], list[Any]],
) -> None:
    assert told(
        """
        select count(*)
        from (
          select r.pupil_id
          from core.result as r
          join core.enrolment as e
            on e.pupil_id = r.pupil_id
            and e.school_id = r.school_id
            and e.term_no = r.term_no
          where r.subject in ('maths', 'reading')
            and r.outcome is not null
            and e.year_group in ('1', '2', '3', '4')
          group by r.pupil_id
          having count(distinct e.year_group || r.subject) = 8
        )
        """
    ) == [(2_619,)]


def test_whoever_is_due_has_one_status_and_whoever_has_a_score_is_assessed(
    told: Callable[[str], list[Any]],
) -> None:
    """Two subjects in nine grades and a third in six, for each pupil-year."""
    due = (
        "select count(*) from core.enrolment as e join reference.term as t using (term_no) "
        "join reference.due as d on d.year_group = e.year_group and d.term = t.term where on_roll"
    )
    assert told("select count(*) from progress.status") == told(due)
    assert not told(
        "select 1 from progress.status group by pupil_id, term_no, subject having count(*) > 1"
    )
    assert told("select count(*) from progress.status where status <> 'not_assessed'") == [
        (123_888,)
    ]


COPIED = """
    select i.school_id
    from accuracy.issue as i
    where i.rule_code in ('term_sent_again', 'copied_forward')
      and i.subject = 'reading'
      and i.academic_year = '1989-90'
"""
AT_LEAST_15 = """
    select now.school_id
    from core.result as now
    join core.result as before
      on before.pupil_id = now.pupil_id
      and before.subject = now.subject
      and before.term_no = now.term_no - 3
    where now.subject = 'reading'
      and now.academic_year = '1989-90'
      and now.outcome is not null
      and before.outcome is not null
    group by now.school_id
    having count(*) >= 15
"""


def test_the_reading_of_grade_4_that_was_released_as_a_copy_of_grade_3_is_found_and_nothing_else(
    tmp_path: Path, ask: Callable[..., Any]
) -> None:
    folder = tmp_path / "as-released"
    command = [sys.executable, str(MAKE), str(folder), "--as-released"]
    subprocess.run(command, check=True, capture_output=True)
    programme = Programme(folder)
    run(programme, ("ingest", "check"))
    found = ask(programme, COPIED)
    assert sorted(found) == sorted(ask(programme, AT_LEAST_15))
    assert len(found) == 72
    assert ask(
        programme,
        "select count(*) from accuracy.issue where rule_code in "
        "('term_sent_again', 'copied_forward')",
    ) == [(72,)]
    assert ask(
        programme,
        "select bool_and(message like 'The reading results are those of summer 1988-89 %') "
        "from accuracy.issue where rule_code = 'term_sent_again'",
    ) == [(True,)]


def test_from_sat_to_ctbs_each_place_is_that_of_the_marks_among_the_same_pupils(
    told: Callable[[str], list[Any]],
) -> None:
    """Grade 3 sat the SAT, grade 4 the CTBS: worked out again from the marks alone."""
    found = told(
        "select pupil_id, subject, school_id, term_no, pupils, place_then, level_then, place_now, "
        "level_now from progress.bridge where year_group = '5' and term_no - earlier_term_no = 3"
    )
    marks = {
        (pupil, subject, term_no): (float(mark), paper)
        for pupil, subject, term_no, mark, paper in told(
            "select pupil_id, subject, term_no, outcome, lower(assessment) "
            "from progress.attainment where decides and outcome is not null"
        )
    }
    assert {marks[p, s, t - 3][1] != marks[p, s, t][1] for p, s, _, t, *_ in found} == {True}
    cohorts: dict[Any, list[Any]] = {}
    for pupil, subject, school, term_no, *places in found:
        key = (school, subject, term_no, marks[pupil, subject, term_no - 3][1])
        then, now = (marks[pupil, subject, t][0] for t in (term_no - 3, term_no))
        cohorts.setdefault(key, []).append((then, now, places))
    assert len(found) > 2_000
    for cohort in cohorts.values():
        thens, nows = [c[0] for c in cohort], [c[1] for c in cohort]
        for then, now, places in cohort:
            assert places == [
                len(cohort),
                1 + sum(t > then for t in thens),
                thens.count(then),
                1 + sum(n > now for n in nows),
                nows.count(now),
            ]
