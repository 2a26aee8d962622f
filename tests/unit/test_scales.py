"""Scales as data: those shipped hold together, and a wrong one is named."""

import itertools
import random
from pathlib import Path

import pytest

from pipeline.errors import SettingsWrong
from pipeline.resources import resource
from pipeline.scales import read_scales, text_key
from pipeline.settings import YEAR_GROUPS

SCALES_FOLDER = resource("data_schemas", "scales")
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


TABLE = """scale = "own"
title = "Invented ladder"
kind = "ladder"
assessment_kind = "teacher"
outcomes = [
  # { outcome = "mid", points = 1 }, as it was before
  { outcome = "low", points = 1 },
  { outcome = "mid", points = 2 },
  { outcome = "top", points = 3 },
]
[expected]
"1" = { autumn = "low", spring = "low", summer = "mid" }
"2" = { autumn = "mid", spring = "mid", summer = "mid" }
"3" = { autumn = "mid", spring = "top", summer = "top" }
"""


@pytest.mark.parametrize(
    ("change", "to", "line", "named"),
    [
        ('"mid", points = 2', '"mid", points = 1', 8, "mid (1 points) does not stand above low"),
        ('"top", points = 3', '"mid", points = 3', 9, "'MID' stands for two things"),
        ('"top", points = 3', '"top", points = 3, also = ["Low"]', 9, "'LOW' stands for two"),
        ('"1" = { autumn = "low", spring', '"1" = { autumn = "base", spring', 12,
         "'expected.1.autumn' = 'base' is not an outcome; expected one of low, mid, top"),
        ('"2" = { autumn = "mid", spring = "mid", ', '"2" = { autumn = "mid", ', 13,
         "'expected.2.spring' is missing, between terms that are there"),
        ('"2" = { autumn = "mid", spring = "mid", summer = "mid" }', '"2" = {}', 13,
         "'expected.2' names no term"),
        ('"3" = { autumn = "mid", spring = "top"', '"3" = { autumn = "top", spring = "mid"', 14,
         "'expected.3.spring' = 'mid' is lower than 'expected.3.autumn' = 'top'"),
        ('"3" = { autumn = "mid"', '"3" = { autumn = "low"', 14,
         "'expected.3.autumn' = 'low' is lower than 'expected.2.summer' = 'mid'"),
    ],
)  # fmt: skip
def test_a_wrong_row_of_a_table_is_told_with_its_line(
    tmp_path: Path, change: str, to: str, line: int, named: str
) -> None:
    assert change in TABLE
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, TABLE.replace(change, to)))
    assert f"line {line}: {named}" in str(told.value) or (
        f"line {line}: 'outcomes': {named}" in str(told.value)
    )
    assert "Correct the file and run again" in str(told.value)


@pytest.mark.parametrize(
    ("change", "to", "named"),
    [
        ('"2" = {', '"Y2" = {', "'expected.Y2': expected one of N1, N2, R, 1"),
        ("summer = \"mid\" }\n\"2\"", "winter = \"mid\" }\n\"2\"",
         "'expected.1.winter': expected 'autumn', 'spring' or 'summer'"),
        ('points = 3', 'points = "3 and a bit"', "'outcomes.3.points'"),
        ('"1" = {', '"R" = { summer = "low" }\n"4" = {', "'expected.1.autumn' is missing"),
        ('"2" = {', '"4" = {', "'expected.2.summer' is missing"),
    ],
)  # fmt: skip
def test_a_year_group_or_term_missing_or_unknown_is_named(
    tmp_path: Path, change: str, to: str, named: str
) -> None:
    assert change in TABLE
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, TABLE.replace(change, to, 1)))
    assert named in str(told.value)


def test_all_faults_of_a_table_are_told_together(tmp_path: Path) -> None:
    text = TABLE.replace("points = 2", "points = 1")
    text = text.replace('"2" = { autumn = "mid"', '"2" = { autumn = "x"')
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, text))
    assert "line 8: " in str(told.value)
    assert "line 13: " in str(told.value)


@pytest.mark.parametrize("meaning", ["this_point_in_year", "end_of_key_stage"])
def test_only_a_standard_for_the_end_of_the_key_stage_leaves_years_out(
    tmp_path: Path, meaning: str
) -> None:
    text = TABLE[: TABLE.index("[expected]")].replace(
        "outcomes", f'meaning = "{meaning}"\noutcomes'
    )
    text += '[expected]\n"2" = { summer = "mid" }\n"6" = { summer = "top" }\n'
    if meaning == "end_of_key_stage":
        assert "own" in read_scales(own(tmp_path, text))
    else:
        with pytest.raises(SettingsWrong, match=r"'expected\.3\.autumn' is missing"):
            read_scales(own(tmp_path, text))


LEVELS = (SCALES_FOLDER / "nc-level.toml").read_text(encoding="utf-8")
RIGHT = [f'"{level}", points = {points}' for level, points in
         [("3c", 19), ("3b", 21), ("3a", 23), ("4c", 25), ("4b", 27), ("4a", 29), ("5c", 31),
          ("5b", 33), ("5a", 35), ("6c", 37), ("6b", 39), ("6a", 41)]]  # fmt: skip


def shifted(outcomes: int) -> str:
    """The levels with so many outcomes, from 3c upwards, given the points of the next rung."""
    text = LEVELS
    for row in RIGHT[:outcomes]:
        points = int(row.split()[-1])
        text = text.replace(row + ",", f"{row.split(',')[0]}, points = {points + 2},")
        text = text.replace(row + " ", f"{row.split(',')[0]}, points = {points + 2} ")
    return text


def test_the_table_in_which_3c_has_21_points_is_refused_at_its_row(tmp_path: Path) -> None:
    line = next(n for n, t in enumerate(LEVELS.splitlines(), 1) if 'outcome = "3c"' in t)
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, shifted(len(RIGHT)), "nc-level"))
    assert f"line {line}: 'outcomes': 3c has 21 points, which are those of 3b; expected 19" in str(
        told.value
    )


def test_a_table_shifted_for_one_level_only_is_refused_too(tmp_path: Path) -> None:
    """3c = 21, 3b = 23, 3a = 25 and then 4c = 25, as a staff room had it."""
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, shifted(3), "nc-level"))
    assert "3c has 21 points, which are those of 3b" in str(told.value)
    assert "4c (25 points) does not stand above 3a (25 points)" in str(told.value)


def test_levels_with_points_of_the_schools_own_are_left_alone(tmp_path: Path) -> None:
    rows = "".join(
        f'  {{ outcome = "{n}{part}", points = {3 * n + at} }},\n'
        for n in range(1, 7)
        for at, part in enumerate("cba")
    )
    text = f'scale = "own"\ntitle = "One point a sub-level"\nkind = "ladder"\n' \
           f'assessment_kind = "teacher"\noutcomes = [\n{rows}]\n'  # fmt: skip
    assert read_scales(own(tmp_path, text))["own"].steps()["3c"] == 7


@pytest.mark.parametrize("seed", range(40))
def test_any_sound_table_is_taken_and_any_one_fault_in_it_is_found(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    table = sound_table(dice)
    assert "own" in read_scales(own(tmp_path, written(table)))
    line, text = broken(dice, table)
    with pytest.raises(SettingsWrong) as told:
        read_scales(own(tmp_path, text))
    assert f"line {line}: " in str(told.value)


Table = tuple[list[tuple[str, float]], dict[str, list[str]]]


def sound_table(dice: random.Random) -> Table:
    """Outcomes with rising points, and what is expected of some years, never falling."""
    names = [f"step {n}" for n in range(dice.randint(3, 12))]
    points = [round(p, 2) for p in itertools.accumulate(dice.uniform(0.1, 5) for _ in names)]
    first = dice.randint(1, 4)
    years = [str(y) for y in range(first, dice.randint(first, 6) + 1)]
    line = sorted(dice.choices(range(len(names)), k=3 * len(years)))
    expected = {y: [names[i] for i in line[3 * at : 3 * at + 3]] for at, y in enumerate(years)}
    return list(zip(names, points, strict=True)), expected


def written(table: Table) -> str:
    """The table as a file: five lines, a line an outcome, two lines, a line a year group."""
    outcomes, expected = table
    rows = [f'  {{ outcome = "{o}", points = {p} }},' for o, p in outcomes]
    terms = ("autumn", "spring", "summer")
    told = []
    for year_group, by_term in expected.items():
        said = [f'{t} = "{o}"' for t, o in zip(terms, by_term, strict=False)]
        told.append(f'"{year_group}" = {{ {", ".join(said)} }}')
    head = ['scale = "own"', 'title = "Invented"', 'kind = "ladder"', 'assessment_kind = "test"']
    return "\n".join([*head, "outcomes = [", *rows, "]", "[expected]", *told]) + "\n"


def broken(dice: random.Random, table: Table) -> tuple[int, str]:
    """The table with one fault, and the line on which it stands."""
    outcomes, expected = [*table[0]], {y: [*t] for y, t in table[1].items()}
    at = dice.randrange(1, len(outcomes))
    year = dice.choice([*expected])
    row_of_year = 6 + len(outcomes) + 2 + [*expected].index(year)
    how = dice.choice(["order", "same points", "used twice", "unknown", "falls"])
    if how == "order":
        outcomes[at] = (outcomes[at][0], outcomes[at - 1][1] - 0.05)
    elif how == "same points":
        outcomes[at] = (outcomes[at][0], outcomes[at - 1][1])
    elif how == "used twice":
        outcomes.append((outcomes[0][0], outcomes[-1][1] + 1))
        return 5 + len(outcomes), written((outcomes, expected))
    elif how == "unknown":
        expected[year][dice.randrange(3)] = "step 99"
    else:
        expected[year] = [outcomes[-1][0], outcomes[0][0], outcomes[-1][0]]
    line = 6 + at if how in ("order", "same points") else row_of_year
    return line, written((outcomes, expected))


def test_texts_are_compared_without_case_and_spaces() -> None:
    assert text_key(" g d\u00a0s ") == text_key("GDS")
