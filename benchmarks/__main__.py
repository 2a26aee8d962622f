"""`make bench`: measures, and writes the figures into benchmarks/README.md.

`python -m benchmarks national` measures one part and leaves the figures of the others.
"""

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import accuracy, growth, ingest, risk, statuses
from benchmarks.measure import ROOT, Measured, measure, stages

GOES = 3
README = Path(__file__).with_name("README.md")


def main(names: list[str]) -> None:
    """Measure the parts, all where none is named, and write each into its place."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise SystemExit(f"{unknown[0]}: not a part; expected some of {', '.join(PARTS)}")
    for name in names or PARTS:
        with tempfile.TemporaryDirectory() as work:
            rows = PARTS[name](Path(work))
        _write(name, rows)


def _write(name: str, rows: list[tuple[str, str]]) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    table = "\n".join(f"| {what} | {figure} |" for what, figure in rows)
    text = f"Machine: {machine}.\n\n| what | figure |\n|---|---|\n{table}"
    begin, end = f"<!-- figures: {name} -->", f"<!-- end: {name} -->"
    page = README.read_text(encoding="utf-8")
    head, rest = page.split(begin)
    tail = rest.split(end)[1]
    page = f"{head}{begin}\n\n{text}\n\n{end}{tail}"
    README.write_text(page, encoding="utf-8", newline="\n")
    print(text)


def _programme(work: Path) -> list[tuple[str, str]]:
    return [*_start(), *_sample(work), *_star(work)]


def _start() -> list[tuple[str, str]]:
    shown = measure(["-m", "pipeline", "--help"], goes=5)
    return [("`achievement --help`, median of 5", f"{shown.seconds:.2f} s")]


def _sample(work: Path) -> list[tuple[str, str]]:
    folder = work / "partnership"
    measure(["-m", "pipeline", "init", str(folder), "--sample"])
    runs: list[Measured] = []
    for _ in range(GOES):
        for made in ("warehouse.duckdb", "archive", "reports", "norms"):
            _remove(folder / made)
        runs.append(measure(["-m", "pipeline", "run", str(folder), "--json"]))
    run = sorted(runs, key=lambda r: r.seconds)[GOES // 2]
    warm = measure(["-m", "pipeline", "run", str(folder), "--json"])
    apart = measure(["-m", "pipeline", "run", str(folder), "--isolated", "--json"])
    ratio = stages(apart)["report"] / stages(warm)["report"]
    peak = max(r.peak_mb for r in runs)
    return [
        (f"sample partnership, whole run, median of {GOES}", f"{run.seconds:.1f} s"),
        ("  its stages", _told(run)),
        ("  peak memory of any process", f"{peak:.0f} MB"),
        ("its reports: a fresh kernel a notebook beside the warm engine", f"{ratio:.1f} times"),
    ]


def _star(work: Path) -> list[tuple[str, str]]:
    folder = work / "star"
    measure([str(ROOT / "sample_data" / "star" / "make_star.py"), str(folder)])
    run = measure(["-m", "pipeline", "run", str(folder), "--term", "1988-89-summer", "--json"])
    spent = stages(run)
    first_three = spent["ingest"] + spent["check"] + spent["flag"]
    peer = measure(["-m", "benchmarks.peer_ingest", str(folder / "exports"), str(work / "peer")])
    return [
        ("Project STAR, ingest, check and flag", f"{first_three:.1f} s"),
        ("Project STAR, reports of 75 schools", f"{spent['report']:.1f} s"),
        ("  its stages", _told(run)),
        ("  peak memory of any process", f"{run.peak_mb:.0f} MB"),
        (
            "Project STAR, ingest: a pandas script that only reads and writes, beside ours",
            f"{peer.seconds / spent['ingest']:.1f} times our {spent['ingest']:.1f} s, "
            f"{peer.peak_mb:.0f} MB",
        ),
    ]


def _told(run: Measured) -> str:
    return ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages(run).items())


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


PARTS = {
    "programme": _programme,
    "national": ingest.national,
    "files": ingest.files,
    "peer": ingest.peer,
    "accuracy": accuracy.national,
    "accuracy-peer": accuracy.peer,
    "accuracy-planted": accuracy.campaign,
    "statuses": statuses.national,
    "growth": growth.percentiles,
    "risk": risk.rows,
}

if __name__ == "__main__":
    main(sys.argv[1:])
