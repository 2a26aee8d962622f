"""Every rule finds what is wrong, where it is, and leaves alone what only looks like it."""

from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.accuracy.check import check
from pipeline.accuracy.loading import start_import
from pipeline.accuracy.rules import read_rules, rules_folder
from pipeline.landing.ingest import ingest
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_warehouse
from tests.rules.school import Example, School, read_examples

EXAMPLES = read_examples()
SOUND = Example("", "nothing is wrong", len(EXAMPLES))
Found = dict[int, dict[str, list[str]]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What each rule finds in the school of each example, as `term file line`."""
    programme = Programme(tmp_path_factory.mktemp("programme"))
    programme.settings_file.touch()
    for example in [*EXAMPLES, SOUND]:
        School(example).write(programme.exports)
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        ingested = ingest(con, programme)
        assert not ingested.refused
        check(con, "a-run", programme, None, start_import())
        rows = con.execute(
            "select i.school_id, rule_code, i.term, file_name, line from accuracy.issue as i "
            "left join landing.export_file using (file_id)"
        ).fetchall()
    issues: Found = defaultdict(lambda: defaultdict(list))
    for school_id, rule_code, *where in rows:
        issues[school_id][rule_code].append(told(*where))
    return issues


def told(term: str, file_name: str | None, line: int | None) -> str:
    if file_name is None or line is None:
        return term
    name = Path(file_name).stem
    # A rejected row may lack its term, so the file's name tells it.
    return f"{name} {line}"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_rule_finds_what_is_wrong_and_nothing_else(example: Example, found: Found) -> None:
    here = found[example.urn][example.rule_code] + found[example.urn + 1][example.rule_code]
    assert sorted(here) == sorted(example.found)


def test_a_sound_school_has_no_issue(found: Found) -> None:
    assert not found[SOUND.urn]


@pytest.mark.parametrize("rule", read_rules(rules_folder()), ids=lambda rule: rule.code)
def test_a_rule_has_an_example_that_breaks_it_and_one_that_keeps_it(rule) -> None:  # type: ignore[no-untyped-def]
    kinds = {bool(e.found) for e in EXAMPLES if e.rule_code == rule.code}
    assert kinds == {True, False}


def test_examples_are_of_rules_that_exist() -> None:
    assert {e.rule_code for e in EXAMPLES} == {r.code for r in read_rules(rules_folder())}
