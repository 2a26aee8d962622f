"""`python -m benchmarks.killed`: a hundred ingests ended half-way, each rerun and compared."""

import os
import sys
import tempfile
from pathlib import Path

from tests.run.killing import Killed, Scene, kill_many

KILLS, SEED = 100, 7


def main(kills: int = KILLS, seed: int = SEED) -> int:
    """Print the figures. Returns 1 where a killed run did harm."""
    with tempfile.TemporaryDirectory() as name:
        rows, killed = figures(Path(name), kills, seed)
    for what, figure in rows:
        print(f"{what}: {figure}")
    for harm in killed.harm:
        print(harm)
    return int(bool(killed.harm))


def figures(
    work: Path, kills: int = KILLS, seed: int = SEED
) -> tuple[list[tuple[str, str]], Killed]:
    """What became of so many killed ingests, as rows for the README, and in full."""
    own = {"XDG_CONFIG_HOME": str(work), "HOME": str(work)}
    scene = Scene(work / "scenes", os.environ | own, children=60)
    killed = kill_many(scene, kills, seed)
    moments = ", ".join(f"{n} {moment}" for moment, n in sorted(killed.moments.items()))
    states = killed.states
    return [
        (f"{kills} ingests of {scene.seconds:.1f} s ended by `kill -9`", moments),
        (
            "  the warehouse then held the state before, after, or something between",
            f"{states['before']}, {states['after']}, {states['between']}",
        ),
        ("  the rerun ended with other content than an undisturbed run", _count(killed.differing)),
        (
            "  left open to others, left behind, or named in a log",
            f"{_count(killed.readable)}, {_count(killed.left)}, {_count(killed.named)}",
        ),
    ], killed


def _count(found: list[str]) -> str:
    return str(len({line.partition(":")[0] for line in found}))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
