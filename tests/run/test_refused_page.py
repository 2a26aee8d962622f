"""The page "My file was refused" has an entry for every refusal that the program can give.

The refusals are collected from the source, and the entries from the page: a line that begins with
`> ` is a piece of a refusal, in small letters, with … for what is put in.
"""

import ast
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.landing.layouts.read import read_layouts
from pipeline.landing.receive import Reading, take_in, understand

ROOT = Path(__file__).resolve().parents[2]
LANDING = ROOT / "pipeline" / "landing"
PAGE = (ROOT / "docs" / "my-file-was-refused.md").read_text(encoding="utf-8")
# What these say is about the programme's own settings and surroundings.
NO_REFUSAL = {"SettingsWrong", "SurroundingsWrong", "Defect", "WrongUsage", "ValueError", "Codes"}
# Advice that is put at the end of refusals, and comments written into `removed.toml`.
PARTS = {"HELP", "AGAIN", "SAVE_AS", "HEAD"}
# These explain and draft layouts, or say why one result is left aside; they refuse no file.
OTHERS = {
    *("layouts/draft.py", "layouts/explain.py", "layouts/guess.py", "layouts/kinds.py"),
    *("corrections.py", "reading/ctf_meaning.py", "removed.py", "teams.py"),
}
STATEMENT = re.compile(r"^(\W*(select|insert|update|delete|create|with|from|case|--|regexp))\b")


def in_words(text: str) -> str:
    return " ".join(text.split()).lower()


def literal(node: ast.AST) -> str:
    """The text of a literal, with … for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(v) if isinstance(v, ast.Constant) else "…" for v in node.values)
    return ""


def sentences(node: ast.AST) -> Iterator[str]:
    """What a tree says to a user: whole sentences, and what a refused CTF was found to be."""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if called in NO_REFUSAL:
            return
        if called == "refused":
            yield from (literal(a) for a in node.args[:1] if literal(a))
            return
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and node.value.elts:
        found, *expected = map(literal, node.value.elts)
        if found and all(expected):
            yield found
            return
    if isinstance(node, ast.Assign) and {getattr(t, "id", "") for t in node.targets} & PARTS:
        return
    if isinstance(node, ast.Expr) and literal(node.value):
        return  # a docstring
    text = literal(node)
    if text:
        is_sentence = re.search(r"\w+ \w+ \w+.*(\.|\. …)$", in_words(text))
        if is_sentence and not STATEMENT.match(in_words(text)):
            yield text
        return
    for child in ast.iter_child_nodes(node):
        yield from sentences(child)


def refusals() -> dict[str, str]:
    """Every refusal in the source, with the module that has it."""
    found = {}
    for path in sorted(LANDING.rglob("*.py")):
        module = path.relative_to(LANDING).as_posix()
        if module not in OTHERS:
            for text in sentences(ast.parse(path.read_text(encoding="utf-8"))):
                found[in_words(text)] = module
    judge = (LANDING / "queries" / "end_landing.sql").read_text(encoding="utf-8")
    reasons = re.findall(r"\('row_\w+', \w+, (?:'\w+'|null), '([^']+)'\)", judge)
    return found | {in_words(reason): "queries/end_landing.sql" for reason in reasons}


REFUSALS = refusals()
ENTRIES = [line[2:].strip() for line in PAGE.splitlines() if line.startswith("> ")]


def entries_for(refusal: str) -> list[str]:
    said = in_words(refusal)
    return [e for e in ENTRIES if re.search(re.escape(e).replace("…", ".*"), said)]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: r[:60])
def test_every_refusal_has_its_entry_on_the_page(refusal: str) -> None:
    assert entries_for(refusal), f"{REFUSALS[refusal]}: {refusal}"


def test_refusals_are_found_in_all_parts_of_the_program_that_give_them() -> None:
    assert len(REFUSALS) > 60
    assert {m.split("/")[0] for m in REFUSALS.values()} >= {"reading", "layouts", "refuse.py"}


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_is_of_a_refusal_that_the_program_no_longer_gives(entry: str) -> None:
    run = in_words((ROOT / "pipeline" / "run.py").read_text(encoding="utf-8"))
    said = [*REFUSALS, run]
    assert any(re.search(re.escape(entry).replace("…", ".*"), refusal) for refusal in said)


def test_entries_are_told_apart_and_the_data_leads_page_leads_to_them() -> None:
    assert len(set(ENTRIES)) == len(ENTRIES)
    assert "(my-file-was-refused.md)" in (ROOT / "docs" / "data-leads.md").read_text("utf-8")


ROLL = "UPN,Surname,Forename,Year\nA999200124001,Canarywick,Ada,4\n"
BAD = {
    "empty.csv": (b"", "the file is empty"),
    "report.pdf": (b"%PDF-1.7\n", "a pdf was found"),
    "grades.xls": (b"<html><table><tr><td>1</td></tr></table>", "a web page was found"),
    "list.csv": (ROLL.encode(), "but neither its headings nor its path say"),
    "heads.csv": (ROLL.splitlines()[0].encode(), "but neither its headings nor its path say"),
    "2025-26 autumn/123456/heads.csv": (
        ROLL.splitlines()[0].encode() + b"\n",
        "only headings were found, and no rows",
    ),
    "words.csv": (b"one,two\n3,4\n", "no headings were found that are known"),
    "cut.xml": (b'<?xml version="1.0"?><CTfile>', "the file ends before it is complete"),
    "census.xml": (b'<?xml version="1.0"?><Return/>', "it is xml of another kind"),
}


@pytest.mark.parametrize(("name", "content", "entry"), [(n, *b) for n, b in BAD.items()])
def test_what_the_program_really_says_is_found_on_the_page(
    name: str, content: bytes, entry: str, tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    sent.write_bytes(content)
    taken = take_in(sent, name, tmp_path / "copy")
    (file,) = understand(taken, Reading(read_layouts(tmp_path / "none")))
    assert entry in entries_for(file.refusal or "")


def test_an_empty_zip_is_found_on_the_page(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sent", "w"):
        pass
    taken = take_in(tmp_path / "sent", "exports.zip", tmp_path / "copy")
    (file,) = understand(taken, Reading(read_layouts(tmp_path / "none")))
    assert entries_for(file.refusal or "")
