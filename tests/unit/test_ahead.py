"""One item is made ahead in a thread, and nothing else is noticed of it."""

import threading
from collections.abc import Iterator

import pytest

from pipeline.landing.ahead import made_ahead


def numbers(until: int, made: list[int] | None = None) -> Iterator[int]:
    for number in range(until):
        if made is not None:
            made.append(number)
        yield number


@pytest.mark.parametrize("until", [0, 1, 7])
def test_the_items_come_in_their_order(until: int) -> None:
    with made_ahead(numbers(until)) as items:
        assert list(items) == list(range(until))


def test_no_more_than_one_item_is_ahead() -> None:
    made: list[int] = []
    with made_ahead(numbers(9, made)) as items:
        for number in items:
            assert len(made) <= number + 2


def test_what_goes_wrong_comes_in_its_place() -> None:
    def wrong() -> Iterator[int]:
        yield from numbers(3)
        raise OSError("the file is gone")

    came = []
    with pytest.raises(OSError, match="the file is gone"), made_ahead(wrong()) as items:
        for number in items:
            came.append(number)
    assert came == [0, 1, 2]


@pytest.mark.parametrize("stops", [KeyboardInterrupt, ValueError])
def test_no_thread_is_left_when_the_work_stops(stops: type[BaseException]) -> None:
    before = threading.active_count()
    with pytest.raises(stops), made_ahead(numbers(9)) as items:
        next(items)
        raise stops
    assert threading.active_count() == before
