"""Write the fictional partnership beside this file, or into a folder of your choice.

    python sample_data/partnership/generate.py [--out DIR]

Seeded: the same content on every machine and Python from 3.11 on. Needs xlsxwriter, which
`make setup` installs. Text files are the same byte for byte; workbooks and archives are once they
are unpacked, since versions of zlib pack differently.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The folder is copied as it is, so it should hold no compiled files.
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from invention import oddities  # noqa: E402
from invention.calendar import TERMS  # noqa: E402
from invention.chance import Chance  # noqa: E402
from invention.exports import Files, add_exports, teachers_of  # noqa: E402
from invention.planting import Planted, Planting  # noqa: E402
from invention.post import Post  # noqa: E402
from invention.programme import pipeline_toml, team_rows  # noqa: E402
from invention.pupils import Registrar, everyone  # noqa: E402

SEED = 20_252_026


def partnership() -> dict[str, bytes]:
    """Every file of the sample by its path below the folder, in order of the paths."""
    chance = Chance(SEED)
    registrar = Registrar(chance)
    planting = Planting(registrar)
    pupils = everyone(registrar)
    pupils += [oddities.one_who_moves(registrar), *oddities.twins(registrar), *planting.cast()]

    files: Files = {}
    teachers = teachers_of(chance)
    add_exports(files, chance, pupils, teachers)
    # A chance of their own, so that what falls to the others stays as it was.
    later = Chance(SEED + 1)
    twice = oddities.entered_twice(registrar.with_chance(later))
    add_exports(files, later, list(twice), teachers)
    planted = planting.plant(files)
    planted.append(planting.lose_upn(files["bramblecote", 1, "tests"], twice[0]))
    oddities.make_odd(chance, files)

    post = Post()
    for export in files.values():
        post.send(export)
        if export.kind == "roll" and export.school.premium_apart_from <= export.term:
            post.send_pupil_premium(export)
    for term in (2, 5):
        post.send_times_tables(later, files["marrowby", term, "results"])
    post.send(oddities.corrected(files["marrowby", 3, "results"]))
    post.finish()

    written = {f"exports/{path}": content for path, content in post.files.items()}
    written[f"exports/{oddities.EXCEL_LOCK}"] = oddities.excel_lock_bytes()
    written["planted_errors.csv"] = _csv(_planted_rows(planted, post))
    written["files.csv"] = _csv(_file_rows(post))
    written["teams.csv"] = _csv(team_rows(chance))
    written["pipeline.toml"] = pipeline_toml().encode()
    return dict(sorted(written.items()))


def _file_rows(post: Post) -> list[list[str]]:
    """Every file and sheet with its layout and its data rows, totals and blank ones included."""
    told = [
        [name, table.layout, str(sum(line.is_data for line in table.lines))]
        for name, table in sorted(post.tables.items())
    ]
    return [["file", "layout", "rows"], *told]


def _planted_rows(planted: list[Planted], post: Post) -> list[list[str]]:
    rows = []
    for one in planted:
        line, term = one.row.line if one.row else 0, TERMS[one.export.term]
        file = one.row.file if one.row else post.names[id(one.export)]
        where = (file, line, one.rule_code)
        rest = (str(one.export.school.urn), term.academic_year, term.name, one.what)
        rows.append((where, rest))
    header = ["file", "line", "rule_code", "school", "academic_year", "term", "what"]
    return [
        header,
        *([path, str(line or ""), rule, *rest] for (path, line, rule), rest in sorted(rows)),
    ]


def _csv(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def main() -> None:
    """Write the folder and say what it holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR")
    out: Path = parser.parse_args().out
    files = partnership()
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
