"""Write the fictional partnership beside this file, or into a folder of your choice.

    python sample_data/partnership/generate.py [--out DIR]

Seeded, standard library only: the same bytes on every machine and Python from 3.11 on.
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
from invention.exports import exports_of  # noqa: E402
from invention.planting import Planted, Planting  # noqa: E402
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

    files = exports_of(chance, pupils)
    planted = planting.plant(files)
    oddities.make_odd(chance, files)
    corrected = oddities.corrected(files["marrowby", 3, "results"])

    written = {f"exports/{export.path}": export.to_bytes() for export in files.values()}
    written[f"exports/{corrected.path}"] = corrected.to_bytes()
    written[f"exports/{oddities.EXCEL_LOCK}"] = oddities.excel_lock_bytes()
    written["planted_errors.csv"] = _csv(_planted_rows(planted))
    written["teams.csv"] = _csv(team_rows(chance))
    written["pipeline.toml"] = pipeline_toml().encode()
    return dict(sorted(written.items()))


def _planted_rows(planted: list[Planted]) -> list[list[str]]:
    rows = []
    for one in planted:
        line, term = one.row.line if one.row else 0, TERMS[one.export.term]
        where = (one.export.path, line, one.rule_code)
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
