"""Scales as data: those shipped hold together, and a wrong one is named."""

from pathlib import Path

import pytest

from pipeline.errors import SettingsWrong
from pipeline.scales import read_scales, text_key
from pipeline.settings import YEAR_GROUPS

LADDER = """
scale = "own"
title = "Invented ladder"
kind = "ladder"
assessment_kind = "teacher"
outcomes = [
  { outcome = "low", points = 1 },
  { outcome = "mid", points = 2, also = ["middle"] },
  { outcome = "level with mid", points = 2, beside = "mid" },
  { outcome = "top", points = 3 },
]
"""


def own(folder: Path, text: str, name: str = "own") -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_scales_of_the_contract_are_shipped() -> None:
    assert {"nc-level", "ta", "scaled", "standardised", "raw"} <= read_scales().keys()


@pytest.mark.parametrize("name", sorted(read_scales()))
def test_a_shipped_ladder_never_expects_less_later_in_the_school(name: str) -> None:
    scale = read_scales()[name]
    steps = scale.steps()
    terms = ("autumn", "spring", "summer")
    expected = [
        steps[scale.expected[year_group][term]]  # type: ignore[index]
        for year_group in YEAR_GROUPS
        if year_group in scale.expected
        for term in terms
        if term in scale.expected[year_group]
    ]
    assert expected == sorted(expected)
    assert scale.climbs == (len(set(expected)) > 1)


def test_a_programme_may_add_a_scale_or_replace_one(tmp_path: Path) -> None:
    assert read_scales(own(tmp_path, LADDER)).keys() == read_scales().keys() | {"own"}
    replaced = read_scales(own(tmp_path, LADDER.replace('"own"', '"ta"'), "ta"))
    assert replaced["ta"].title == "Invented ladder"


def test_outcomes_beside_each_other_share_a_rung(tmp_path: Path) -> None:
    steps = read_scales(own(tmp_path, LADDER))["own"].steps()
    assert steps == {"low": 1, "mid": 2, "level with mid": 2, "top": 3}


@pytest.mark.parametrize(
    ("change", "to", "named"),
    [
        ("points = 3", "points = 2", "'outcomes': top (2 points) does not stand above"),
        ('beside = "mid"', 'beside = "none"', "beside no outcome above it"),
        ('beside = "mid"', 'beside = "top"', "beside no outcome above it"),
        ("points = 2, beside", "points = 4, beside", "has other points than mid"),
        ('"middle"', '"L O W"', "'LOW' stands for two things"),
        ("title", "name", "'title': Field required"),
        ('"ladder"', '"score"', "a ladder has 'outcomes'"),
        ('"ladder"', '"stairs"', "'kind'"),
        ('scale = "own"', 'scale = "other"', "expected the name of the file, 'own'"),
        ("outcomes = [", "higher = 'best'\noutcomes = [", "'higher' = 'best'"),
        ("outcomes = [", 'outcomes = "', "Expected TOML"),
        ("outcomes = [", "expected.3.autumn = 'C'\noutcomes = [", "'expected.3.autumn' = 'C'"),
        ("outcomes = [", "no_result = { TOP = 'absent' }\noutcomes = [", "'TOP' stands for two"),
    ],
)
def test_a_wrong_scale_is_named_with_its_file(
    tmp_path: Path, change: str, to: str, named: str
) -> None:
    assert change in LADDER
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, LADDER.replace(change, to)))
    assert str(told.value).startswith("scales/own.toml: ")
    assert named in str(told.value)


def test_texts_are_compared_without_case_and_spaces() -> None:
    assert text_key(" g d\u00a0s ") == text_key("GDS")
