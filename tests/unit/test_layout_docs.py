"""docs/adding-a-layout.md: every example does what the page says, and every key stands there."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import ExportRefused
from pipeline.landing.layouts.find import find_layout
from pipeline.landing.layouts.model import FROM_PATH, PLACEHOLDERS, LayoutFile, ResultColumns
from pipeline.landing.layouts.path import known_school, said_by_path
from pipeline.landing.layouts.read import read_layouts, shipped_layouts
from pipeline.settings import read_settings
from tests.unit.layout_rows import staged_rows

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-layout.md").read_text(encoding="utf-8")
# File sent, its text, name of the layout, its text, and the table of what comes out.
EXAMPLES = re.findall(
    r"`exports/([^`]+)`:\n\n```csv\n(.*?)```\n.*?```toml\n# layouts/([a-z-]+)\.toml\n(.*?)```\n"
    r".*?\n(\|.*?\n)\n",
    PAGE,
    re.DOTALL,
)


def cells(line: str) -> list[str]:
    return [c.strip() for c in line.strip().strip("|").split("|")]


def test_all_examples_of_the_page_are_found() -> None:
    assert len(EXAMPLES) == PAGE.count("```csv") == PAGE.count("# layouts/")
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("example", EXAMPLES, ids=[e[2] for e in EXAMPLES])
def test_an_example_reads_its_file_as_the_page_says(
    example: tuple[str, ...], tmp_path: Path
) -> None:
    path, sent, name, layout, table = example
    (tmp_path / f"{name}.toml").write_text(layout, encoding="utf-8")
    rows = list(csv.reader(sent.splitlines()))
    here = find_layout(rows, path, read_layouts(tmp_path))
    assert here.match.layout.layout == name
    columns, _, *told = table.strip().splitlines()
    staged = [
        {c: str(row[c] or "").strip() for c in cells(columns)}
        for row in staged_rows(here, rows[1:])
        if not row["aside"]
    ]
    assert staged == [dict(zip(cells(columns), cells(line), strict=True)) for line in told]


@pytest.mark.parametrize("example", EXAMPLES, ids=[e[2] for e in EXAMPLES])
def test_no_example_could_be_read_without_its_layout(example: tuple[str, ...]) -> None:
    path, sent, *_ = example
    rows = list(csv.reader(sent.splitlines()))
    with pytest.raises(ExportRefused):
        find_layout(rows, path, shipped_layouts())


def test_the_settings_of_the_page_are_valid_and_name_the_school(tmp_path: Path) -> None:
    text = re.findall(r"```toml\n# pipeline\.toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "pipeline.toml").write_text("\n".join(reversed(text)), encoding="utf-8")
    settings = read_settings(tmp_path / "pipeline.toml")
    assert "science" in settings.subjects
    school = settings.school[0]
    known = known_school(999101, [str(school.laestab), school.name, *school.also])
    other = known_school(999202, ["Moorside"])
    assert said_by_path("FPS marks/x.csv", (known, other)) == {"school": "999101"}


def test_the_path_of_the_page_says_five_things() -> None:
    assert said_by_path("2025-26-autumn/999101/Year 4 maths.csv", ()) == {
        "academic_year": "2025-26",
        "term": "autumn",
        "school": "999101",
        "subject": "maths",
        "year_group": "4",
    }


def test_every_key_of_a_layout_is_on_the_page_and_no_other() -> None:
    _, keys, of_results = re.split(r"## All keys|In `\[\[results\]\]`:", PAGE)
    told = re.findall(r"^\| `\[*([a-z_]+)[^`]*` \|", keys, re.MULTILINE)
    assert sorted(told) == sorted(LayoutFile.model_fields)
    first = re.findall(r"^\| (`[a-z_`, ]+) \|", of_results.split("\nStandard")[0], re.MULTILINE)
    assert sorted(re.findall(r"`([a-z_]+)`", " ".join(first))) == sorted(ResultColumns.model_fields)


def test_places_in_patterns_and_what_paths_say_are_on_the_page() -> None:
    assert all(f"`{{{p}}}`" in PAGE for p in PLACEHOLDERS)
    assert all(f"`{c}`" in PAGE for c in FROM_PATH)


def test_every_shipped_layout_is_on_the_page() -> None:
    table = PAGE.split("## Layouts that come with the program")[1]
    assert all(f"`{x.layout}`" in table for x in shipped_layouts())


def test_every_table_of_settings_on_the_page_is_toml() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert all(tomllib.loads(b) for b in blocks)
