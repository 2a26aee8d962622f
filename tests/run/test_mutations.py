"""Fifty spoilt files: each is loaded or refused in words, the sound ones beside them are loaded.

The benchmark sends five hundred (`python -m benchmarks mutations`).
"""

from pathlib import Path

import pytest

from tests.campaign import campaign, faults
from tests.mutations import ALL, mutated


@pytest.mark.parametrize("first", range(0, 50, 10))
def test_spoilt_files_end_in_words_and_take_nothing_with_them(tmp_path: Path, first: int) -> None:
    sent = campaign(tmp_path, range(first, first + 10))
    assert faults(sent) == []


def test_each_number_is_always_the_same_file_and_no_two_of_fifty_are_spoilt_alike() -> None:
    assert mutated(3) == mutated(3)
    assert mutated(3).raw != mutated(3 + len(ALL)).raw
    assert len({mutation for mutation, _ in ALL[:50]}) == 50
