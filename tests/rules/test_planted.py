"""Errors planted in invented schools are found, and sound schools are left in peace."""

import pytest

from pipeline.accuracy.loading import BackgroundImport, start_import
from pipeline.accuracy.rules import Rule, read_rules, rules_folder
from tests.planted_campaign import Honest, Recall, honest, planted
from tests.planted_errors import BY_CLASS, BY_ROW, BY_SCHOOL
from tests.planted_schools import Size

SIZE = Size(schools=14, year_groups=(3, 4), per_class=18)
ERRORS, SEED = 120, 5
RULES = {rule.code: rule for rule in read_rules(rules_folder())}
# Each of these needs a school of its own, so the small world has those of severity error and one
# robustness rule; the benchmark plants all.
CAUSES = [code for code in BY_SCHOOL if RULES[code].header.severity == "error"]
KINDS = [*BY_ROW, *CAUSES, "copied_forward"]


@pytest.fixture(scope="module")
def expectations() -> BackgroundImport:
    return start_import()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, expectations: BackgroundImport) -> Honest:
    return honest(tmp_path_factory.mktemp("sound") / "programme", SIZE, SEED, expectations)


@pytest.fixture(scope="module")
def recall(
    tmp_path_factory: pytest.TempPathFactory, expectations: BackgroundImport
) -> dict[str, Recall]:
    folder = tmp_path_factory.mktemp("planted") / "programme"
    return planted(folder, SIZE, SEED, ERRORS, expectations, KINDS)


def test_every_planted_error_is_found(recall: dict[str, Recall]) -> None:
    assert set(recall) == set(KINDS)
    assert {code for code, one in recall.items() if one.found < one.planted} == set()


def test_nearly_nothing_is_found_in_sound_schools(sound: Honest) -> None:
    def share(severity: str) -> float:
        found = [n for code, n in sound.issues.items() if RULES[code].header.severity == severity]
        return sum(found) / sound.rows

    assert sound.results > 10_000
    assert share("error") < 0.001
    assert share("warning") < 0.01


def test_a_rule_questions_at_most_one_honest_class_in_a_hundred(sound: Honest) -> None:
    most = max(sound.classes_questioned.values(), default=0)
    assert most <= 0.01 * sound.classes


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_the_campaign_plants_every_rule_of_severity_error_and_every_question(
    rule: Rule,
) -> None:
    if rule.header.severity == "error":
        assert rule.code in {*BY_ROW, *BY_SCHOOL}
    if rule.header.audience == "head and data lead":
        assert rule.code in {*BY_SCHOOL, *BY_CLASS}
