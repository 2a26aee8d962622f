"""The settings file that `init` writes: it shows every setting, and shows the defaults."""

import tomllib
from typing import Any

from pipeline.resources import PACKAGE
from pipeline.settings import Settings

SHOWN = (PACKAGE / "pipeline.toml").read_text(encoding="utf-8")
EXAMPLES = ("school", "paper", "privacy")  # where there is no default to show


def shown() -> dict[str, Any]:
    """The file with its settings switched on, comments left out."""
    lines = (line.removeprefix("# ").removeprefix("#") for line in SHOWN.splitlines())
    return tomllib.loads("\n".join(line for line in lines if " = " in line or line[:1] == "["))


def test_every_setting_is_shown() -> None:
    assert shown().keys() == Settings.model_fields.keys()


def test_what_is_shown_is_the_default() -> None:
    on = {name: value for name, value in shown().items() if name not in EXAMPLES}
    switched_on, defaults = Settings.model_validate(on), Settings()
    for name in on.keys() - {"venn_subjects", "due"}:
        assert getattr(switched_on, name) == getattr(defaults, name), name
    assert switched_on.rings == defaults.rings
    assert what_is_due(switched_on) == what_is_due(defaults)


def what_is_due(settings: Settings) -> list[tuple[Any, ...]]:
    """Due results with the subjects that a missing list stands for."""
    return [
        (due.year_groups, due.subjects or settings.subjects, due.terms, due.kind)
        for due in settings.due
    ]
