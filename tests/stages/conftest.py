"""Fixtures of the stage tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.reports.report import report
from pipeline.reports.source import close_all
from pipeline.reports.workers import start_workers
from tests.stages.invented import INVENTED, PRETEND, TERM, gate, programme


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """The invented schools with their report; one of them did not pass the accuracy check."""
    made = programme(tmp_path_factory.mktemp("invented") / "programme")
    gate(made, PRETEND, errors=0)
    gate(made, INVENTED, errors=1)
    report(made, Term.from_label(TERM), start_workers(2))
    yield made
    close_all()


@pytest.fixture
def pages(reported: Programme) -> dict[str, str]:
    """Every page of the report by its path below the term's folder."""
    folder = reported.reports(Term.from_label(TERM))
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.html")
    }


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Programme]:
    """The invented schools, flagged and not yet reported."""
    yield programme(tmp_path / "programme")
    close_all()
