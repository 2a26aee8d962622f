"""A TOML file of entries that people write by hand, read whole; what is wrong is told by entry."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import SettingsWrong

Model = TypeVar("Model", bound=BaseModel)
EXPECTED = {
    "school": "a URN (6 digits) or LAESTAB (7 digits), without quotes",
    "academic_year": 'one such as "2025-26"',
    "term": "autumn, spring or summer",
    "until": "a day such as 2026-07-31, without quotes",
    "issue": "the key that a fix list shows: 16 digits and letters from a to f, in quotes",
}


def read_entries(path: Path, model: type[Model], kind: str, told_by: str) -> Model:
    """The file as a model; an empty one where there is no file. `kind` is what an entry is called.

    Raises SettingsWrong naming every wrong key with the number of its entry, and no value.
    """
    if not path.exists():
        return model()
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError:
        raise SettingsWrong(
            f"{path.name}: the file is not UTF-8 text. Save it again with the encoding UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsWrong(
            f"{path.name}: not TOML ({_place(wrong)}). Expected entries [[{kind}]] with "
            f"`key = value` lines, texts in quotes."
        ) from None
    except ValidationError as wrong:
        raise SettingsWrong(f"{path.name}: {'; '.join(_told(wrong))}. {told_by}.") from None


def _told(wrong: ValidationError) -> list[str]:
    """What is wrong with which key of which entry, in words; pydantic's own may quote a value."""
    lines = []
    for error in wrong.errors():
        place = list(error["loc"])
        entry = f"{place[0]} {place[1] + 1}" if len(place) > 1 and isinstance(place[1], int) else ""
        key = str(place[-1]) if place and isinstance(place[-1], str) else ""
        kind = error["type"]
        if len(place) == 1 and kind != "extra_forbidden":
            said = f"'{key}' is not a list of entries, each of which starts with [[{key}]]"
        elif kind == "extra_forbidden":
            said = f"'{key}' is not a key that it has; take it out or correct its spelling"
        elif kind == "missing":
            said = f"'{key}' is missing"
        elif kind == "value_error":
            said = error["msg"].removeprefix("Value error, ")
        elif key in EXPECTED:
            said = f"'{key}' is not {EXPECTED[key]}"
        else:
            said = f"'{key}' is not what is expected there: a text in quotes that is not empty"
        lines.append(f"{entry}: {said}" if entry else said)
    return lines


def _place(wrong: tomllib.TOMLDecodeError) -> str:
    """Line and column of an error; the rest of its text may quote the file."""
    return str(wrong).rpartition("(")[2].rstrip(")")
