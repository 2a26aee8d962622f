"""By when schools send and mend: numbers of days, or days of a term's own."""

import datetime as dt

from pipeline.calendar import Term
from pipeline.settings import Settings
from pipeline.window import day_of_run, mend_by, send_by

AUTUMN, SPRING = Term.from_label("2025-26-autumn"), Term.from_label("2025-26-spring")


def test_schools_send_some_days_after_the_day_on_which_pupils_count() -> None:
    assert send_by(Settings(), AUTUMN) == dt.date(2025, 12, 15)
    assert send_by(Settings.model_validate({"window": {"send_days": 0}}), AUTUMN) == dt.date(
        2025, 12, 1
    )


def test_schools_mend_some_days_after_it_was_sent_back() -> None:
    assert mend_by(Settings(), AUTUMN, dt.date(2025, 12, 20)) == dt.date(2026, 1, 3)


def test_a_term_may_have_days_of_its_own() -> None:
    own = {"window": {"spring": {"send_by": "03-20", "mend_by": "03-27"}}}
    settings = Settings.model_validate(own)
    assert send_by(settings, SPRING) == dt.date(2026, 3, 20)
    assert mend_by(settings, SPRING, dt.date(2026, 3, 22)) == dt.date(2026, 3, 27)
    assert send_by(settings, AUTUMN) == dt.date(2025, 12, 15)


def test_nobody_has_to_mend_before_it_was_sent_back() -> None:
    settings = Settings.model_validate({"window": {"spring": {"mend_by": "03-27"}}})
    assert mend_by(settings, SPRING, dt.date(2026, 4, 2)) == dt.date(2026, 4, 2)


def test_a_run_began_on_the_day_that_its_number_says() -> None:
    assert day_of_run("20251203T081500000000") == dt.date(2025, 12, 3)
