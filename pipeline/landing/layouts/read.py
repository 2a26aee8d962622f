"""Read layout files: those shipped, and those of a programme's folder `layouts/`."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import SettingsWrong
from pipeline.landing.layouts.model import LayoutFile
from pipeline.resources import resource


@cache
def shipped_layouts() -> tuple[LayoutFile, ...]:
    """Layouts that come with the program."""
    return read_folder(resource("data_schemas", "layouts"))


def read_layouts(own: Path) -> tuple[LayoutFile, ...]:
    """Shipped layouts and those of a programme; one of its own with a shipped name replaces it.

    Raises SettingsWrong naming every wrong key of every file.
    """
    mine = read_folder(own) if own.is_dir() else ()
    names = {m.layout for m in mine}
    return (*mine, *(s for s in shipped_layouts() if s.layout not in names))


def read_folder(folder: Path) -> tuple[LayoutFile, ...]:
    """Layouts of a folder in the order of their names. Raises SettingsWrong."""
    found, wrong = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            layout = read_layout(path)
        except SettingsWrong as problem:
            wrong.append(str(problem))
        else:
            found.append(layout)
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return tuple(found)


def read_layout(path: Path) -> LayoutFile:
    """One layout file. Raises SettingsWrong naming every wrong key."""
    where = f"{path.parent.name}/{path.name}"
    try:
        layout = LayoutFile(**tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError:
        raise SettingsWrong(f"{where}: not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as problem:
        raise SettingsWrong(f"{where}: not TOML ({problem}). Correct that line.") from None
    except TypeError:
        raise SettingsWrong(f"{where}: a key is there that no layout has.") from None
    except ValidationError as problem:
        raise SettingsWrong("\n".join(f"{where}: {line}" for line in _told(problem))) from None
    if layout.layout != path.stem:
        raise SettingsWrong(
            f"{where}: 'layout' is '{layout.layout}'; expected '{path.stem}', as the file is named."
        )
    return layout


def layouts_fingerprint(layouts: tuple[LayoutFile, ...]) -> str:
    """SHA-256 of the words and layouts that files are read with."""
    text = resource("data_schemas", "words.toml").read_text(encoding="utf-8")
    told = [text, *(layout.model_dump_json() for layout in layouts)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _told(problem: ValidationError) -> list[str]:
    lines = []
    for error in problem.errors():
        places = (k for k in error["loc"] if k != "[key]")
        key = ".".join(str(k + 1 if isinstance(k, int) else k) for k in places)
        kind = error["type"]
        if kind == "extra_forbidden":
            said = "not a key of a layout; docs/adding-a-layout.md lists them"
        elif kind == "missing":
            said = "missing"
        else:
            said = error["msg"].removeprefix("Value error, ")
        lines.append(f"{f'{key!r}: ' if key else ''}{said}")
    return lines
