"""Steady pupils are rarely said to drop or to be slow, and the page says how rarely."""

import json

from benchmarks.null_progress import BEGIN, BOUND, END, KEPT, PAGE, shown, simulate


def test_at_most_3_percent_of_steady_pupils_drop_or_are_slow_in_a_term() -> None:
    """A small run of what is kept; the terms of a story together, as there are few pupils."""
    told = simulate(pupils=600, seed=7)["stories"]
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["stories"]
    assert set(told) == set(kept)
    for story, shares in told.items():
        for reason in ("drop", "slow"):
            found, before = sum(shares[reason]) / 17, sum(kept[story][reason]) / 17
            assert found <= BOUND, (story, reason)
            assert abs(found - before) < 0.01, (story, reason)
    assert all(shares["drop"][0] == shares["slow"][2] == 0 for shares in told.values())
    assert told["score, 0.85"]["drop_ever"] > 0.2


def test_the_figures_that_are_kept_are_within_the_bound_in_every_term() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept["pupils"] == 20_000
    for story, shares in kept["stories"].items():
        assert len(shares["drop"]) == len(shares["slow"]) == 18
        assert max(*shares["drop"], *shares["slow"]) <= BOUND, story


def test_the_page_on_the_method_shows_the_figures_that_are_kept() -> None:
    page = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert page.strip() == shown(json.loads(KEPT.read_text(encoding="utf-8")))
