"""The scale files shipped say what their sources say, and a wrong one is named with its fault."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import SettingsWrong
from pipeline.scales import read_scales, text_key

SCALES = read_scales()
TERMS = ("autumn", "spring", "summer")
YEARS = tuple("123456")
# DCSF point scores 2008: a whole level n is 6n + 3, a sub-level 2 points more or less.
LEVEL_POINTS = {f"{n}{part}": 6 * n + 3 + more for n in range(1, 7)
                for part, more in (("c", -2), ("b", 0), ("a", 2))} | {"W": 3}  # fmt: skip
# Key stage 1 to the end of Year 2, then a point a term from 15 (Year 2) to 27 (Year 6).
LEVEL_LINE = (7, 9, 11, 11, 13, 15, *range(16, 28))


def test_the_scales_of_the_contract_are_shipped() -> None:
    assert set(SCALES) >= {"nc-level", "ta", "scaled", "standardised", "raw"}


def test_levels_have_the_points_of_the_national_table() -> None:
    assert {o.outcome: o.points for o in SCALES["nc-level"].outcomes} == LEVEL_POINTS


def test_a_whole_level_is_its_middle_sub_level() -> None:
    also = {text: o.outcome for o in SCALES["nc-level"].outcomes for text in o.also}
    assert also == {"1": "1b", "2": "2b", "3": "3b"} | {"4": "4b", "5": "5b", "6": "6b"}


def test_what_a_level_expects_is_the_outcome_at_or_next_under_the_line_of_the_term() -> None:
    told = [SCALES["nc-level"].expected[y][t] for y in YEARS for t in TERMS]  # type: ignore[index]
    reached = [max(p for p in LEVEL_POINTS.values() if p <= line) for line in LEVEL_LINE]
    assert [LEVEL_POINTS[outcome] for outcome in told] == reached


def test_a_ladder_that_climbs_never_falls_from_term_to_term() -> None:
    for scale in SCALES.values():
        if scale.climbs:
            points = {o.outcome: o.points for o in scale.outcomes}
            line = [points[scale.expected[y][t]] for y in YEARS for t in TERMS]  # type: ignore[index]
            assert line == sorted(line)
            assert line[0] < line[-1]


def test_teacher_assessment_expects_the_expected_standard_of_every_year() -> None:
    ta = SCALES["ta"]
    assert {o for by_term in ta.expected.values() for o in by_term.values()} == {"EXS"}
    assert ta.higher == "GDS"
    assert list(ta.steps()) == [
        "PK1", "PK2", "PK3", "PK4", "PKF", "PK5", "PKE", "PK6", "PKG", "WTS", "EXS", "GDS",
    ]  # fmt: skip
    assert [ta.steps()[o] for o in ("PK4", "PKF", "PK6", "PKG", "WTS", "EXS")] == [4, 4, 6, 6, 7, 8]


def test_teacher_assessment_has_the_scores_of_key_stage_2_progress() -> None:
    points = {o.outcome: o.points for o in SCALES["ta"].outcomes}
    assert [points[f"PK{n}"] for n in range(1, 7)] == [64, 67, 70, 73, 76, 79]
    assert [points[o] for o in ("PKF", "PKE", "PKG", "WTS", "EXS", "GDS")] == [
        73, 76, 79, 91, 103, 113,
    ]  # fmt: skip


def test_codes_that_say_how_low_are_assessed_and_codes_that_say_why_not_are_not() -> None:
    p_scales = {"P1i", "P1ii", "P2i", "P2ii", "P3i", "P3ii", "P4", "P5", "P6", "P7", "P8"}
    assert set(SCALES["ta"].too_low_for_points) == {"BLW", "EM"} | p_scales
    assert set(SCALES["nc-level"].too_low_for_points) == {"B", "N"} | p_scales
    assert set(SCALES["scaled"].too_low_for_points) == {"B"}
    for scale in SCALES.values():
        assert {"A": "absent", "M": "missing"}.items() <= scale.no_result.items()


def test_outcomes_beside_each_other_have_the_same_points() -> None:
    for scale in SCALES.values():
        points = {o.outcome: o.points for o in scale.outcomes}
        assert all(o.points == points[o.beside] for o in scale.outcomes if o.beside)


def test_a_scaled_score_is_expected_in_the_statutory_tests_only() -> None:
    scaled = SCALES["scaled"]
    assert (scaled.minimum, scaled.maximum, scaled.mean, scaled.spread) == (80, 120, None, None)
    assert {(p.year_group, p.term, p.expected_score, p.higher_score) for p in scaled.paper} == {
        ("6", "summer", 100, 110),
        ("2", "summer", 100, None),
    }


def test_standardised_scores_and_marks_have_mean_100_and_standard_deviation_15() -> None:
    assert {(s.mean, s.spread) for s in SCALES.values() if s.kind != "ladder" and s.mean} == {
        (100, 15)
    }


def test_texts_are_compared_without_case_and_spaces() -> None:
    assert text_key(" 3 b ") == text_key("3B") == "3B"


Change = Callable[[str], str]
LADDER = """
scale = "made-up"
title = "Made-up ladder"
kind = "ladder"
assessment_kind = "teacher"
outcomes = [{ outcome = "Low", points = 1 }, { outcome = "High", points = 2, also = ["H"] }]
higher = "High"
[no_result]
A = "absent"
[expected]
"1" = { autumn = "Low" }
"""


def own_scale(folder: Path, text: str, name: str = "made-up") -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_scale_of_the_programmes_own_stands_beside_those_shipped(tmp_path: Path) -> None:
    scales = read_scales(own_scale(tmp_path, LADDER))
    assert set(scales) == {*SCALES, "made-up"}
    assert scales["made-up"].steps() == {"Low": 1, "High": 2}


def test_a_scale_of_the_programmes_own_replaces_one_of_the_same_name(tmp_path: Path) -> None:
    text = LADDER.replace('scale = "made-up"', 'scale = "ta"')
    assert read_scales(own_scale(tmp_path, text, "ta"))["ta"].title == "Made-up ladder"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda t: t.replace("points = 2", "points = 1"), r"High .* does not stand above Low"),
        (lambda t: t.replace('autumn = "Low"', 'autumn = "Mid"'), "'Mid' is not an outcome"),
        (lambda t: t.replace('higher = "High"', 'higher = "Top"'), "'higher' = 'Top'"),
        (lambda t: t.replace('["H"]', '["l o w"]'), "'LOW' stands for two things"),
        (lambda t: t.replace('A = "absent"', 'h = "here"'), "'H' stands for two things"),
        (lambda t: t.replace('"1" =', '"Y1" ='), "one of N1, N2, R"),
        (lambda t: t.replace('kind = "ladder"', 'kind = "score"', 1), "a ladder has 'outcomes'"),
        (lambda t: t.replace("title", "titel"), "titel"),
        (lambda t: t.replace("[no_result]", "[no_result"), "Expected TOML"),
        (lambda t: t.replace('scale = "made-up"', 'scale = "other"'), "the name of the file"),
    ],
)  # fmt: skip
def test_a_wrong_scale_is_named_with_its_fault(tmp_path: Path, change: Change, fault: str) -> None:
    with pytest.raises(SettingsWrong, match=r"scales/made-up\.toml") as told:
        read_scales(own_scale(tmp_path, change(LADDER)))
    assert told.match(fault)
