"""docs/adding-a-scale.md: every example is a file that is taken, and every key stands there."""

import re
from pathlib import Path

import pytest

from pipeline.folder import make_folder
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.scales import Scale, read_scales
from pipeline.warehouse.connection import open_warehouse

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-scale.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```toml\n# scales/([a-z-]+)\.toml\n(.*?)```", PAGE, re.DOTALL))
SETTINGS = re.findall(r"```toml\n(\[\[paper.*?)```", PAGE, re.DOTALL)


def test_all_examples_of_the_page_are_found() -> None:
    assert len(EXAMPLES) == PAGE.count("# scales/") == 4
    assert len(EXAMPLES) + len(SETTINGS) == PAGE.count("```toml")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_taken_as_it_stands(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.toml").write_text(EXAMPLES[name], encoding="utf-8")
    scale = read_scales(tmp_path)[name]
    assert scale.expected or scale.publisher


def test_the_examples_together_are_read_into_a_warehouse(tmp_path: Path) -> None:
    make_folder(tmp_path / "programme", sample=False)
    programme = Programme(tmp_path / "programme")
    programme.settings_file.write_text("".join(SETTINGS), encoding="utf-8")
    (programme.folder / "scales").mkdir(exist_ok=True)
    for name, text in EXAMPLES.items():
        path = programme.folder / "scales" / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
    with open_warehouse(programme) as con:
        load_reference(con, programme)
        lines = con.execute(
            "select assessment, expected_score from reference.paper where bands is not null"
        ).fetchall()
        assert lines == [("quillmark", 92)]
        ladders = "select scale from reference.scale where kind = 'ladder'"
        assert {n for (n,) in con.execute(ladders).fetchall()} >= EXAMPLES.keys() - {"standardised"}


def test_every_key_of_a_scale_stands_on_the_page() -> None:
    table = PAGE[PAGE.index("## The keys") :]
    assert [k for k in Scale.model_fields if f"`{k}`" not in table] == []
