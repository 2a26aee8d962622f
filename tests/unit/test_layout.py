"""Which layout a header has, and what a message may say of one that has none."""

import pytest

from pipeline.errors import ExportRefused
from pipeline.landing.layout import find_layout, header_key, standard_columns

ROLL = [
    *("academic_year", "term", "school", "upn", "surname", "forename"),
    *("date_of_birth", "year_group"),
]
RESULTS = [*ROLL, "subject", "scale", "outcome"]


def test_a_header_with_outcomes_is_of_results_and_one_without_of_a_roll() -> None:
    assert find_layout(RESULTS).name == "standard-results/1"
    assert find_layout(ROLL).name == "standard-roll/1"


def test_headings_are_matched_without_case_spaces_and_underscores() -> None:
    written = ["Academic Year", "TERM", " school ", "U P N", "Sur_Name", "foreName",
               "Date\u00a0of Birth", "YearGroup"]  # fmt: skip
    assert find_layout(written).columns == tuple(ROLL)
    assert header_key("Date\tof_BIRTH") == "dateofbirth"


def test_order_is_free_and_other_columns_are_counted_and_left_aside() -> None:
    layout = find_layout(["", *reversed(RESULTS), "house points", ""])
    assert layout.columns == (None, *reversed(RESULTS), None, None)
    assert layout.unused == 3


def test_an_admission_number_serves_for_a_upn() -> None:
    assert find_layout(["admission_number" if c == "upn" else c for c in ROLL]).kind == "roll"
    with pytest.raises(ExportRefused, match="'upn or admission_number'"):
        find_layout([c for c in ROLL if c != "upn"])


@pytest.mark.parametrize("missing", [c for c in RESULTS if c != "upn"])
def test_each_required_column_that_is_missing_is_named(missing: str) -> None:
    with pytest.raises(ExportRefused, match=f"no column '{missing}'"):
        find_layout([c for c in RESULTS if c != missing])


def test_several_missing_columns_are_named_together() -> None:
    with pytest.raises(ExportRefused, match="no column 'term', 'surname', 'scale'"):
        find_layout([c for c in RESULTS if c not in ("term", "surname", "scale")])


def test_the_same_heading_twice_is_refused_with_both_places() -> None:
    with pytest.raises(ExportRefused, match="columns 3 and 12 are both headed 'school'"):
        find_layout([*RESULTS, "School "])


def test_a_pupil_in_the_place_of_the_headings_is_not_quoted() -> None:
    pupil = ["2025-26", "autumn", "990001", "A999000100001", "Canarywick", "Ada", "2017-04-03", "3"]
    with pytest.raises(ExportRefused) as told:
        find_layout(pupil)
    assert not [value for value in pupil if value in str(told.value) and len(value) > 1]


def test_every_standard_column_has_a_key_of_its_own() -> None:
    keys = [header_key(c) for c in standard_columns()]
    assert len(set(keys)) == len(keys)
