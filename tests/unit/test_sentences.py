"""What a page says of how sure a reason is, where no probability is known."""

from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.reports.sentences import sentence


def below(**figures: Any) -> str:
    row = {
        "reason": "below", "certainty": None, "certainty_band": "borderline",
        "agreeing_kind": None, "scale_kind": "ladder", "term": "summer", "subject": "science",
        "outcome": "HNM", "points": None, "value": None, "expected": 103.0,
        "expected_outcome": "EXS", "year_group": "6", "last_expected_term": None,
        "last_expected_year": None,
    }  # fmt: skip
    return sentence(SimpleNamespace(**(row | figures)), "Amy")


@pytest.mark.parametrize(
    ("figures", "sure"),
    [
        ({}, "Borderline: the outcome does not say how far under, and no second assessment says "
             "the same."),
        ({"outcome": "WTS", "value": 91.0},
         "Borderline: one step, and no second assessment says the same."),
        ({"outcome": "BLW", "certainty_band": "clear"}, "Clear: the outcome itself says so."),
        ({"certainty_band": "clear", "agreeing_kind": "test"}, "Clear: the test says the same."),
    ],
)  # fmt: skip
def test_how_sure_a_result_below_is_without_a_margin_of_error(
    figures: dict[str, Any], sure: str
) -> None:
    told = below(**figures)
    assert told.startswith("In summer Amy's science was ")
    assert told.endswith(f"EXS is expected in Year 6 by then. {sure}")
