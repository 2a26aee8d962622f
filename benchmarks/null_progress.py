"""How many steady pupils `drop` and `slow` flag, by how many earlier results they have.

The program itself is run over simulated pupils of Years 1 to 6 who stay where they are: 18 terms,
the first without an earlier result, the last with 17. On tests the true score stays the same and
each score has its own normal error; on ladders the true standing stays the same beside what is
expected, and each judgement is one step off with the same probability.

`python -m benchmarks.null_progress --write` keeps the figures in `null_progress.json` and shows
them in docs/method.md. The seed is fixed.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.null_flags import AGREEMENT, LINE
from pipeline.calendar import TERMS
from pipeline.programme import Programme
from pipeline.progress.flag import flag
from pipeline.reference import load_reference
from pipeline.scales import Scale, read_scales
from pipeline.warehouse.connection import open_scratch
from pipeline.warehouse.tables import create_all

KEPT = Path(__file__).with_name("null_progress.json")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "method.md"
BEGIN, END = "<!-- null_progress -->", "<!-- end: null_progress -->"
PUPILS, SEED = 20_000, 20252
YEARS = 6
FIRST_TERM = 3 * 2020
RELIABILITIES = (0.80, 0.85, 0.90)
EARLIER = (1, 2, 3, 5, 8, 11, 17)
BOUND = 0.03
SETTINGS = 'subjects = ["maths", "reading"]\n' + "".join(
    f"[[paper]]\nscale = 'standardised'\nassessment = 'r {r:.2f}'\nreliability = {r}\n"
    for r in RELIABILITIES
)
FOUR = """
scale = "four-steps"
title = "Four invented steps"
kind = "ladder"
assessment_kind = "teacher"
meaning = "this_point_in_year"
outcomes = [
  { outcome = "One", points = 1 },
  { outcome = "Two", points = 2 },
  { outcome = "Three", points = 3 },
  { outcome = "Four", points = 4 },
]
[expected]
""" + "".join(
    f'"{year}" = {{ autumn = "Three", spring = "Three", summer = "Three" }}\n'
    for year in range(1, YEARS + 1)
)


@dataclass
class Steady:
    """Pupils who stay where they are: outcomes by pupil and term; who is truly at the line."""

    story: str
    scale: str
    paper: str
    outcomes: np.ndarray
    at_line: np.ndarray


def steady_groups(scales: dict[str, Scale], pupils: int, seed: int) -> list[Steady]:
    """Every story, from one random generator in a fixed order."""
    dice = np.random.default_rng(seed)
    found = [_tested(r, pupils, dice) for r in RELIABILITIES]
    for name, words in (
        ("nc-level", "levels"),
        ("ta", "`ta`"),
        ("four-steps", "four outcomes"),
    ):
        found += [_judged(scales[name], words, a, pupils, dice) for a in AGREEMENT]
    return found


def _tested(reliability: float, pupils: int, dice: np.random.Generator) -> Steady:
    """Observed scores have mean 100 and standard deviation 15, in whole numbers."""
    truth = dice.normal(100, 15 * reliability**0.5, pupils)
    error = dice.normal(0, 15 * (1 - reliability) ** 0.5, (pupils, 3 * YEARS))
    scores = np.clip(np.round(truth[:, None] + error), 40, 160).astype(int)
    return Steady(
        f"score, {reliability:.2f}", "standardised", f"r {reliability:.2f}",
        scores.astype(str), truth >= LINE,
    )  # fmt: skip


def _judged(
    scale: Scale, words: str, agreement: float, pupils: int, dice: np.random.Generator
) -> Steady:
    """Truly what is expected in every term; wrong judgements are one step higher or lower."""
    steps = scale.steps()
    rungs = {steps[o.outcome]: o.outcome for o in reversed(scale.outcomes)}
    wrong = (1 - agreement) / 2
    off = dice.choice([-1, 0, 1], (pupils, 3 * YEARS), p=[wrong, agreement, wrong])
    expected = [
        steps[scale.expected[str(year)][term]] for year in range(1, YEARS + 1) for term in TERMS
    ]
    told = np.clip(np.array(expected)[None, :] + off, 1, max(rungs))
    names = np.array(["", *(rungs[step] for step in sorted(rungs))])
    story = f"{words}, {agreement:.0%} right"
    return Steady(story, scale.scale, "", names[told], np.ones(pupils, dtype=bool))


def simulate(pupils: int = PUPILS, seed: int = SEED) -> dict[str, Any]:
    """Shares of the steady pupils whom each reason flags, by story and by earlier results."""
    with tempfile.TemporaryDirectory() as folder:
        programme = Programme(Path(folder))
        programme.settings_file.write_text(SETTINGS, encoding="utf-8")
        programme.private.mkdir()
        own = programme.folder / "scales"
        own.mkdir()
        (own / "four-steps.toml").write_text(FOUR, encoding="utf-8")
        groups = steady_groups(read_scales(own), pupils, seed)
        con = open_scratch(programme)
        try:
            create_all(con)
            load_reference(con, programme)
            for number, group in enumerate(groups, start=1):
                _fill(con, number, group)
            flag(con, programme)
            told = {g.story: _shares(con, n, g) for n, g in enumerate(groups, start=1)}
        finally:
            con.close()
    return {"pupils": pupils, "seed": seed, "stories": told}


def _fill(con: duckdb.DuckDBPyConnection, number: int, group: Steady) -> None:
    """Enrolments and results of a group; the group's number is that of its school."""
    pupils, terms = group.outcomes.shape
    kind = "test" if group.paper else "teacher"
    rows = pa.table(
        {
            "pupil_id": np.repeat(number * pupils + np.arange(pupils), terms),
            "place": np.tile(np.arange(terms), pupils),
            "outcome": group.outcomes.ravel().tolist(),
        }
    )
    con.register("simulated", rows)
    shared = f"""
      s.pupil_id,
      {number} as school_id,
      t.academic_year,
      t.term,
      t.term_no,
      1 as file_id,
      s.pupil_id as line,
      1 as item
    """
    source = f"from simulated as s join reference.term as t on t.term_no = {FIRST_TERM} + s.place"
    con.execute(
        f"insert into core.enrolment by name select {shared}, "
        f"cast(1 + s.place // 3 as varchar) as year_group, true as from_roll, true as on_roll "
        f"{source}"
    )
    con.execute(
        f"insert into core.result by name select {shared}, 'maths' as subject, "
        f"'{group.scale}' as scale, '{kind}' as assessment_kind, '{group.paper}' as assessment, "
        f"1 as attempt, s.outcome, true as outcome_on_scale {source}"
    )
    con.unregister("simulated")


def _shares(con: duckdb.DuckDBPyConnection, number: int, group: Steady) -> dict[str, Any]:
    """Of `drop` and `slow` a share for each number of earlier results, and of pupils ever."""
    sql = f"""
        select s.pupil_id, s.term_no, s.dropped, s.slow, f.certainty_band
        from progress.status as s
        left join progress.flag as f
          on f.pupil_id = s.pupil_id
          and f.term_no = s.term_no
          and f.subject = s.subject
          and f.reason = 'below'
        where s.school_id = {number}
          and s.subject = 'maths'
        order by s.pupil_id, s.term_no
    """
    found = con.execute(sql).fetchnumpy()
    shape = group.outcomes.shape
    told: dict[str, Any] = {}
    for reason, column in (("drop", "dropped"), ("slow", "slow")):
        held = np.asarray(found[column], dtype=bool).reshape(shape)
        told[reason] = [round(float(share), 4) for share in held.mean(axis=0)]
        told[f"{reason}_ever"] = round(float(held.any(axis=1).mean()), 4)
    band = np.ma.filled(np.ma.asarray(found["certainty_band"], dtype=object), "").reshape(shape)
    at_line = band[group.at_line]
    told["below_clear"] = round(float((at_line == "clear").mean()), 4)
    told["below_borderline"] = round(float((at_line == "borderline").mean()), 4)
    return told


def shown(kept: dict[str, Any]) -> str:
    """The tables, as Markdown."""
    stories = kept["stories"]
    heads = "| earlier results |" + "".join(f" {story} |" for story in stories)
    rule = "|---" * (len(stories) + 1) + "|"
    parts = []
    for reason in ("drop", "slow"):
        lines = [f"Of {kept['pupils']:,} steady pupils each, `{reason}` flags:", "", heads, rule]
        for earlier in EARLIER:
            shares = "".join(f" {told[reason][earlier]:.1%} |" for told in stories.values())
            lines.append(f"| {earlier} |{shares}")
        ever = "".join(f" {told[f'{reason}_ever']:.0%} |" for told in stories.values())
        lines.append(f"| once or more in 18 terms |{ever}")
        parts.append("\n".join(lines))
    lines = ["Of those of them who are truly at the line or above, `below` flags:", ""]
    lines += [heads.replace("earlier results", "how sure"), rule]
    for words in ("clear", "borderline"):
        shares = "".join(f" {told[f'below_{words}']:.1%} |" for told in stories.values())
        lines.append(f"| {words} |{shares}")
    parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _kept(found: dict[str, Any]) -> str:
    """As JSON, a story a line."""
    stories = ",\n".join(f'    "{s}": {json.dumps(told)}' for s, told in found["stories"].items())
    head = f'  "pupils": {found["pupils"]},\n  "seed": {found["seed"]},\n'
    return f'{{\n{head}  "stories": {{\n{stories}\n  }}\n}}\n'


def main() -> None:
    """Print the tables; keep and write them where it is asked for."""
    kept = simulate()
    print(shown(kept))
    if "--write" in sys.argv:
        KEPT.write_text(_kept(kept), encoding="utf-8", newline="\n")
        head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        page = f"{head}{BEGIN}\n\n{shown(kept)}\n\n{END}{rest.split(END)[1]}"
        PAGE.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
