"""Terms: their numbers, names and days."""

import datetime as dt

import pytest

from pipeline.calendar import TERMS, Term, day_in_term


def test_terms_are_numbered_three_to_an_academic_year() -> None:
    labels = [Term(n).label for n in range(6075, 6080)]
    assert labels == [
        "2025-26-autumn",
        "2025-26-spring",
        "2025-26-summer",
        "2026-27-autumn",
        "2026-27-spring",
    ]
    assert Term(6075) < Term(6076)


@pytest.mark.parametrize("term_no", [3 * 1980, 3 * 1999, 3 * 1999 + 2, 3 * 2025 + 1])
def test_a_label_is_read_as_it_is_written(term_no: int) -> None:
    assert Term.from_label(Term(term_no).label) == Term(term_no)


def test_the_turn_of_the_century_is_written_with_two_digits() -> None:
    assert Term(3 * 1999).label == "1999-00-autumn"


@pytest.mark.parametrize("label", ["2025/26 spring", " 2025-26-spring ", "2025-2026-spring"])
def test_other_ways_to_write_a_term(label: str) -> None:
    assert Term.from_label(label) == Term(3 * 2025 + 1)


@pytest.mark.parametrize(
    "label", ["", "2025-27-autumn", "2025-26", "2025-26-winter", "25-26-autumn", "2025-26-autumnal"]
)
def test_what_is_not_a_term(label: str) -> None:
    with pytest.raises(ValueError, match="^" + label):
        Term.from_label(label)


@pytest.mark.parametrize(
    ("term", "month_day", "day"),
    [
        ("autumn", "09-01", dt.date(2025, 9, 1)),
        ("autumn", "12-30", dt.date(2025, 12, 30)),
        ("spring", "01-01", dt.date(2026, 1, 1)),
        ("summer", "08-31", dt.date(2026, 8, 31)),
    ],
)
def test_days_from_september_are_in_the_first_year_and_others_in_the_second(
    term: str, month_day: str, day: dt.date
) -> None:
    assert day_in_term(Term(3 * 2025 + TERMS.index(term)), month_day) == day
