"""Figures as SVG texts: small, sharp on paper, and the same each time they are drawn.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart; every part also has
a label of its own, so that nothing is said by colour alone.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Circle

COLOURS = ("#0072B2", "#E69F00", "#009E73")
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "achievement", "font.size": 11}
Region = frozenset[str]

TWO_RINGS = (((-0.6, 0.0), (0.6, 0.0)), 1.05)
THREE_RINGS = (((-0.6, 0.4), (0.6, 0.4), (0.0, -0.62)), 1.05)
LABELS = {
    2: ((-1.0, 1.22), (1.0, 1.22)),
    3: ((-1.05, 1.5), (1.05, 1.5), (0.0, -1.9)),
}
PLACES: dict[tuple[bool, ...], tuple[float, float]] = {
    (True, False): (-1.05, 0.0),
    (False, True): (1.05, 0.0),
    (True, True): (0.0, 0.0),
    (True, False, False): (-1.08, 0.62),
    (False, True, False): (1.08, 0.62),
    (False, False, True): (0.0, -1.18),
    (True, True, False): (0.0, 0.82),
    (True, False, True): (-0.62, -0.28),
    (False, True, True): (0.62, -0.28),
    (True, True, True): (0.0, 0.08),
}


def venn(rings: Sequence[str], pupils: Mapping[Region, int]) -> str:
    """Venn diagram of two or three subjects; `pupils` says how many are on track in exactly which.

    Returns an SVG. Rings have one size; the figures count, not the areas.
    """
    centres, radius = TWO_RINGS if len(rings) == 2 else THREE_RINGS
    low = -1.45 if len(rings) == 2 else -2.15
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 5.2 * (1.65 - low) / 4.6))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(-2.3, 2.3), ylim=(low, 1.75), aspect="equal")
        axes.axis("off")
        for centre, colour in zip(centres, COLOURS, strict=False):
            axes.add_patch(Circle(centre, radius, color=colour, alpha=0.22, linewidth=0))
            axes.add_patch(Circle(centre, radius, fill=False, edgecolor=colour, linewidth=2.5))
        for (x, y), subject in zip(LABELS[len(rings)], rings, strict=True):
            axes.text(x, y, subject, ha="center", va="center", weight="bold")
        for held, (x, y) in PLACES.items():
            if len(held) == len(rings):
                region = frozenset(s for s, on in zip(rings, held, strict=True) if on)
                axes.text(x, y, str(pupils.get(region, 0)), ha="center", va="center", size=17)
        none = pupils.get(frozenset(), 0)
        axes.text(2.22, low + 0.12, f"in none: {none}", ha="right", va="bottom", size=13)
        return _svg(figure)


def shares_over_terms(labels: Sequence[str], shares: Sequence[float | None]) -> str:
    """A line of percentages over terms; None leaves a gap. Returns an SVG."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 2.5), layout="constrained")
        axes = figure.add_subplot()
        at = range(len(labels))
        known = [(x, y) for x, y in zip(at, shares, strict=True) if y is not None]
        axes.plot(at, [float("nan") if y is None else y for y in shares], color=COLOURS[0], lw=2)
        axes.plot([x for x, _ in known], [y for _, y in known], "o", color=COLOURS[0], ms=6)
        for x, y in known:
            axes.annotate(f"{y:.0f}%", (x, y), (0, 7), textcoords="offset points", ha="center")
        top = max((y for _, y in known), default=0)
        axes.set(ylim=(0, max(20, top * 1.3)), xlim=(-0.4, len(labels) - 0.6))
        axes.set_xticks(list(at), labels, fontsize=9)
        axes.set_ylabel("% underachieving", fontsize=9)
        axes.tick_params(axis="y", labelsize=9)
        axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure)


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    return text[text.index("<svg") :]
