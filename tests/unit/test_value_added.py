"""Value added: the points, scores, groups and intervals that the sources give."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipeline.errors import SettingsWrong, WrongUsage
from pipeline.progress.value_added import (
    average_points,
    cohort_groups,
    judged_means,
    key_stage_2_scores,
    pupil_progress,
    read_groups,
    read_value_added,
    school_progress,
    year_note,
)

DATA = read_value_added()
Con = duckdb.DuckDBPyConnection


@pytest.fixture
def con() -> Iterator[Con]:
    with duckdb.connect() as made:
        yield made


def prior(con: Con, scheme: str, *told: tuple[Any, Any, Any], **more: Any) -> list[dict[str, Any]]:
    """Average points of pupils 1, 2, … with these reading, writing and maths outcomes."""
    columns = {s: [t[i] for t in told] for i, s in enumerate(("reading", "writing", "maths"))}
    texts = {s: pa.array(values, pa.string()) for s, values in columns.items()}
    table = pa.table({"pupil_id": list(range(1, len(told) + 1)), **texts})
    found: list[dict[str, Any]] = average_points(
        con, table, DATA.scheme(scheme), **more
    ).to_pylist()
    return found


@pytest.mark.parametrize(
    ("scheme", "outcomes", "points"),
    [
        ("levels", ("2b", "1", "3"), 16.5),
        ("levels", ("2b", "2B", " 2 "), 15.0),
        ("levels", ("W", "W", "W"), 3.0),
        ("levels", ("4", "4", "4"), 27.0),
        ("teacher-assessment", ("EXS", "EXS", "EXS"), 8.0),
        ("teacher-assessment", ("GDS", "EXS", "exs"), 8.5),
        ("teacher-assessment", ("WTS", "WTS", "EXS"), 7.0),
        ("teacher-assessment", ("PKF", "PKF", "PKF"), 4.0),
    ],
)
def test_key_stage_1_points_count_maths_as_much_as_reading_and_writing_together(
    con: Con, scheme: str, outcomes: tuple[str, str, str], points: float
) -> None:
    (pupil,) = prior(con, scheme, outcomes)
    assert (pupil["average_points"], pupil["reason"]) == (points, None)


def test_levels_have_the_points_of_the_national_key_stage_1_table() -> None:
    assert DATA.scheme("levels").by_text() == {
        "W": 3, "1": 9, "2C": 13, "2B": 15, "2": 15, "2A": 17, "3": 21, "4": 27,
    }  # fmt: skip


def test_a_pupil_without_all_three_has_no_average_unless_it_is_asked_for(con: Con) -> None:
    told = (("2b", "1", "A"), ("2b", None, "3"), (None, "", "3"), ("A", "D", "M"))
    strict = prior(con, "levels", *told)
    assert [p["average_points"] for p in strict] == [None] * 4
    assert {p["reason"] for p in strict} == {"no_prior_attainment"}
    kind = prior(con, "levels", *told, missing="available")
    assert [p["average_points"] for p in kind] == [12, 18, 21, None]


def test_an_outcome_that_the_scheme_does_not_know_is_told_and_never_guessed(con: Con) -> None:
    told = (("EXS", "EXS", "PK3"), ("EXS", "EXS", "1c"))
    for missing in ("none", "available"):
        found = prior(con, "teacher-assessment", *told, missing=missing)
        assert [p["average_points"] for p in found] == [None, None]
        assert {p["reason"] for p in found} == {"outcome_not_in_scheme"}


def test_the_bands_of_the_levels_era_begin_at_12_and_18(con: Con) -> None:
    found = prior(con, "levels", ("1", "1", "1"), ("1", "2b", "1"), ("1", "2b", "2"),
                  ("2a", "2a", "2a"), ("2b", "2b", "3"))  # fmt: skip
    assert [(p["average_points"], p["band"]) for p in found] == [
        (9, "low"), (10.5, "low"), (13.5, "middle"), (17, "middle"), (18, "high"),
    ]  # fmt: skip


NOMINAL = {
    "N": (79, 79, 79, 79), "BLW": (70, 71, 71, 62), "PKF": (73, 73, 73, None),
    "PKE": (76, 76, 76, None), "PKG": (79, 79, 79, None),
    **dict.fromkeys(("P1i", "P1ii", "P2i", "P2ii", "P3i", "P3ii"), (70, 59, 59, 59)),
    "P4": (70, 61, 61, 61), "P5": (70, 63, 63, None), "P6": (70, 65, 65, None),
    "P7": (70, 67, 67, None), "P8": (70, 69, 69, None),
    **{f"PK{n}": (None, None, None, 61 + 3 * n) for n in range(1, 7)},
}  # fmt: skip


def results(*rows: tuple[int, int, str, str]) -> pa.Table:
    """Pupil, school, subject, outcome."""
    names = ("pupil_id", "school_id", "subject", "outcome")
    return pa.Table.from_pylist([dict(zip(names, r, strict=True)) for r in rows])


@pytest.mark.parametrize("at", range(4))
def test_pupils_below_the_test_have_the_nominal_score_of_the_year(con: Con, at: int) -> None:
    year = ("2015-16", "2016-17", "2017-18", "2018-19")[at]
    rows = [(i, 1, s, o) for i, o in enumerate(NOMINAL) for s in ("reading", "maths")]
    found = key_stage_2_scores(con, results(*rows), year, DATA).to_pylist()
    expected = [of_year[at] for of_year in NOMINAL.values() for _ in range(2)]
    assert [row["score"] for row in found] == expected
    assert [row["below_test"] for row in found] == [e is not None for e in expected]
    assert {row["reason"] for row in found if row["score"] is None} <= {"no_score"}


def test_a_scaled_score_counts_as_it_is_and_a_reason_for_none_is_no_zero(con: Con) -> None:
    told = results((1, 1, "reading", "103"), (2, 1, "reading", "A"), (3, 1, "reading", "79"),
                   (4, 1, "reading", "0"), (5, 1, "writing", "EXS"), (6, 1, "writing", "103"),
                   (7, 1, "maths", "120"))  # fmt: skip
    found = key_stage_2_scores(con, told, "2018-19", DATA).to_pylist()
    assert [(r["score"], r["reason"]) for r in found] == [
        (103, None), (None, "no_score"), (None, "score_off_scale"), (None, "score_off_scale"),
        (103, None), (None, "no_score"), (120, None),
    ]  # fmt: skip


GROUPS = """academic_year,subject,group_no,from_points,mean_score,pupils
2018-19,reading,1,0,90,1000
2018-19,reading,2,12,100,2000
2018-19,reading,3,18,108,1500
"""


def groups(tmp_path: Path, text: str = GROUPS) -> Any:
    path = tmp_path / "invented-groups.csv"
    path.write_text(text, encoding="utf-8")
    return read_groups(path)


def test_progress_is_the_score_minus_the_mean_of_the_pupils_group(con: Con, tmp_path: Path) -> None:
    scores = key_stage_2_scores(
        con, results((1, 7, "reading", "101"), (2, 7, "reading", "101"), (3, 7, "reading", "N"),
                     (4, 7, "reading", "A"), (5, 7, "reading", "110"), (6, 7, "maths", "110")),
        "2018-19", DATA,
    )  # fmt: skip
    before = average_points(
        con,
        pa.table({
            "pupil_id": [1, 2, 3, 4, 6],
            "reading": ["2b", "2a", "1", "2b", "2b"],
            "writing": ["1", "2a", "1", "2b", "2b"],
            "maths": ["1", "3", "1", "2b", "2b"],
        }),
        DATA.scheme("levels"),
    )  # fmt: skip
    found = pupil_progress(con, scores, before, groups(tmp_path), "2018-19").to_pylist()
    assert [(r["pupil_id"], r["group_no"], r["progress"], r["reason"]) for r in found] == [
        (1, 1, 11, None),  # 10.5 points
        (2, 3, -7, None),  # 19 points
        (3, 1, -11, None),
        (4, 2, None, "no_score"),
        (5, None, None, "no_prior_attainment"),
        (6, None, None, "no_group"),
    ]
    (school,) = [
        s for s in school_progress(con, pa.Table.from_pylist(found), "2018-19", DATA).to_pylist()
        if s["subject"] == "reading"
    ]  # fmt: skip
    assert (school["pupils_in_all"], school["pupils"]) == (5, 3)
    assert school["progress"] == pytest.approx(-7 / 3)


GUYHIRN = {
    "reading": (-6.52, -9.8, -3.3),
    "writing": (-6.20, -9.2, -3.2),
    "maths": (-6.51, -9.3, -3.7),
}


def test_the_six_limits_that_guyhirn_school_published_in_2019(con: Con) -> None:
    means = [
        {"school_id": 1, "subject": subject, "pupils": 14, "progress": progress}
        for subject, (progress, _, _) in GUYHIRN.items()
    ]
    found = judged_means(con, pa.Table.from_pylist(means), "2018-19", DATA).to_pylist()
    assert {
        r["subject"]: (r["progress"], round(r["lower_limit"], 1), round(r["upper_limit"], 1))
        for r in found
    } == GUYHIRN
    assert {r["band"] for r in found} == {5}


def test_a_large_difference_of_few_pupils_is_average(con: Con) -> None:
    means = [{"school_id": n, "subject": "reading", "pupils": n, "progress": 4.0} for n in (9, 10)]
    found = judged_means(con, pa.Table.from_pylist(means), "2018-19", DATA).to_pylist()
    assert [(r["significance"], r["band"]) for r in found] == [("not_different", 3), ("above", 1)]


def test_a_limit_that_is_published_as_nought_is_not_significant(con: Con) -> None:
    means = [{"school_id": 1, "subject": "reading", "pupils": 43, "progress": -1.88}]
    (found,) = judged_means(con, pa.Table.from_pylist(means), "2018-19", DATA).to_pylist()
    assert -0.05 < found["upper_limit"] < 0
    assert found["band"] == 3


@pytest.mark.parametrize("year", ["2023-24", "2024-25"])
def test_years_without_a_published_measure_say_so_and_have_no_band(con: Con, year: str) -> None:
    means = [{"school_id": 1, "subject": "reading", "pupils": 40, "progress": 5.0}]
    (found,) = judged_means(con, pa.Table.from_pylist(means), year, DATA).to_pylist()
    assert (found["band"], found["reason"]) == (None, "no_measure_published")
    assert "no key stage 1 assessment" in year_note(year, DATA, "national")
    assert "compare the pupils at hand" in year_note(year, DATA, "cohort")


def test_a_year_whose_spread_is_not_known_has_a_mean_and_no_interval(con: Con) -> None:
    means = [{"school_id": 1, "subject": "reading", "pupils": 40, "progress": 5.0}]
    (found,) = judged_means(con, pa.Table.from_pylist(means), "2016-17", DATA).to_pylist()
    assert (found["progress"], found["lower_limit"], found["band"]) == (5, None, None)
    assert found["reason"] == "spread_not_known"


def cohort(per_points: dict[float, list[float]]) -> tuple[pa.Table, pa.Table]:
    """Scores and prior points of pupils: the scores of those with each average."""
    told = [(points, score) for points, scores in per_points.items() for score in scores]
    ids = list(range(len(told)))
    scores = {"pupil_id": ids, "school_id": [i % 2 for i in ids], "subject": ["maths"] * len(ids),
              "score": [float(s) for _, s in told],
              "reason": pa.nulls(len(ids), pa.string())}  # fmt: skip
    before = {"pupil_id": ids, "average_points": [float(p) for p, _ in told],
              "reason": pa.nulls(len(ids), pa.string())}  # fmt: skip
    return pa.table(scores), pa.table(before)


def test_without_a_national_table_pupils_are_compared_with_each_other_and_n_is_told(
    con: Con,
) -> None:
    scores, before = cohort({9: [90, 92] * 20, 15: [100, 104] * 20, 21: [110, 111] * 20})
    made = cohort_groups(con, scores, before, "2024-25", least_pupils=40)
    assert [(g["group_no"], g["from_points"], g["mean_score"], g["pupils"], g["basis"])
            for g in made.to_pylist()] == [
        (1, 9, 91, 40, "cohort"), (2, 15, 102, 40, "cohort"), (3, 21, 110.5, 40, "cohort"),
    ]  # fmt: skip
    progress = pupil_progress(con, scores, before, made, "2024-25")
    assert sum(progress.column("progress").to_pylist()) == pytest.approx(0)
    schools = school_progress(con, progress, "2024-25", DATA).to_pylist()
    assert [(s["pupils"], s["basis"], s["band"], s["reason"]) for s in schools] == [
        (60, "cohort", None, "cut_points_not_known")
    ] * 2
    assert [s["significance"] for s in schools] == ["below", "above"]


def test_pupils_with_the_same_points_are_never_in_two_groups_and_a_small_group_has_no_mean(
    con: Con,
) -> None:
    scores, before = cohort({15: [100] * 58, 16: [101] * 2})
    made = cohort_groups(con, scores, before, "2024-25").to_pylist()
    assert [(g["pupils"], g["mean_score"]) for g in made] == [(58, 100), (2, None)]
    progress = pupil_progress(
        con, scores, before, cohort_groups(con, scores, before, "2024-25"), "2024-25"
    )
    assert progress.column("reason").to_pylist().count("group_too_small") == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2018-19,reading,2", "2018-19,reading,4", "line 3: group 4 follows group 1"),
        ("reading,1,0", "reading,2,0", "line 2: the first group"),
        (",18,108", ",12,108", "line 4: 'from_points' does not stand above that of group 2"),
        (",18,108", ",18,high", "line 4: 'mean_score' is not a number"),
        (",18,108", ",,108", "line 4: 'from_points' is not a number"),
        ("2018-19,reading,3", "2018-19,,3", "line 4: 'subject' is blank"),
        ("mean_score", "mean", r"line 1: no column 'mean_score'"),
    ],
)
def test_a_wrong_table_of_groups_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    with pytest.raises(SettingsWrong, match=fault):
        groups(tmp_path, GROUPS.replace(old, new))


def test_every_wrong_line_of_a_table_of_groups_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match=r"line 3: .*; line 4: "):
        groups(tmp_path, GROUPS.replace("12,100", "x,100").replace("18,108", "18,y"))


OWN = """
[[measure]]
academic_year = "2022-23"
subject = "reading"
pupil_sd = 6.0
source = "invented"
certainty = "supplied"
"""


def own(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "value-added.toml"
    path.write_text(text, encoding="utf-8")
    return read_value_added(path)


def test_a_file_of_ones_own_stands_beside_what_is_shipped(tmp_path: Path) -> None:
    data = own(tmp_path, OWN)
    assert data.measure_of("2022-23", "reading").pupil_sd == 6
    assert data.measure_of("2018-19", "maths") == DATA.measure_of("2018-19", "maths")
    ours = own(tmp_path, OWN.replace("2022-23", "2018-19"))
    assert ours.measure_of("2018-19", "reading").certainty == "supplied"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("pupil_sd = 6.0", "pupil_sd = 0", r"'measure.1.pupil_sd'"),
        ("2022-23", "2022-24", r"'measure.1.academic_year': expected an academic year"),
        ("pupil_sd", "sd", r"'measure.1.pupil_sd'.*'measure.1.sd': is not a key"),
        ('source = "invented"', "well_above_from = 3.0\nsource = 'invented'", "give both"),
        (OWN, OWN + OWN, "two entries for 2022-23, reading"),
        ("[[measure]]", "[[measure]", "Expected TOML"),
    ],
)
def test_a_wrong_file_of_ones_own_is_refused_with_every_wrong_key(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    with pytest.raises(SettingsWrong, match=fault):
        own(tmp_path, OWN.replace(old, new))


def test_points_of_an_outcome_that_its_scale_does_not_have_are_refused(tmp_path: Path) -> None:
    text = (
        '[[prior]]\nscheme = "own"\nsource = "invented"\ncertainty = "supplied"\n'
        'points_of_scale = "nc-level"\noutcomes = ["9z"]\n'
    )
    with pytest.raises(SettingsWrong, match="'9z' is no outcome of the scale nc-level"):
        own(tmp_path, text)


def test_a_table_that_lacks_columns_is_told_which(con: Con) -> None:
    with pytest.raises(WrongUsage, match="key_stage_1: no column 'writing', 'maths'"):
        average_points(con, pa.table({"pupil_id": [1], "reading": ["2b"]}), DATA.scheme("levels"))


def test_a_scheme_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(WrongUsage, match="expected one of levels, teacher-assessment"):
        DATA.scheme("levls")
