"""The process that reads a workbook limits its memory where the system lets it."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.landing.reading import workbook_process

UNLIMITED = -1


def limits_set(monkeypatch: pytest.MonkeyPatch, system: str, *refused: int) -> dict[int, Any]:
    """The limits that are set on a system, which refuses some."""
    done: dict[int, Any] = {}

    def setrlimit(what: int, limits: tuple[int, int]) -> None:
        if what in refused:
            raise ValueError("current limit exceeds maximum limit")
        done[what] = limits

    module = SimpleNamespace(
        RLIMIT_AS=9,
        RLIMIT_CORE=4,
        RLIM_INFINITY=UNLIMITED,
        getrlimit=lambda what: (UNLIMITED, UNLIMITED if what == 9 else 7),
        setrlimit=setrlimit,
    )
    monkeypatch.setitem(sys.modules, "resource", module)
    monkeypatch.setattr(sys, "platform", system)
    workbook_process._limit_memory()
    return done


def test_memory_and_core_files_are_limited_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits_set(monkeypatch, "linux") == {9: (workbook_process.MEMORY, -1), 4: (0, 7)}


def test_a_system_that_refuses_a_limit_reads_the_workbook_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert limits_set(monkeypatch, "linux", 9) == {4: (0, 7)}


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_nothing_is_asked_of_the_system(
    monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    assert limits_set(monkeypatch, system, 9, 4) == {}
