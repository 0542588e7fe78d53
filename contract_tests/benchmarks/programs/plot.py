"""Draws bars, with a line where a goal is, as an SVG: plot.py <file>; sections come as JSON on the standard input."""

from __future__ import annotations

import json
import sys

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "secmaster"  # equal figures give an equal file
mpl.rcParams["svg.fonttype"] = "none"

import matplotlib.pyplot as plt  # noqa: E402  the backend is chosen first

OURS = ("this", "secmaster-contract", "make generate")
GOAL = "#b3261e"


def main() -> None:
    """Draw one set of bars below the other."""
    sections = json.load(sys.stdin)
    heights = [0.6 + 0.3 * len(section["bars"]) for section in sections]
    figure, rows = plt.subplots(
        len(sections), 1, figsize=(9, sum(heights) + 0.8 * len(sections)), height_ratios=heights, squeeze=False
    )
    for axes, section in zip(rows[:, 0], sections, strict=True):
        names = list(section["bars"])[::-1]
        values = [section["bars"][name] for name in names]
        colours = ["#1f6f54" if name.startswith(OURS) else "#9aa5ad" for name in names]
        axes.barh(names, values, color=colours)
        for row, (name, value) in enumerate(zip(names, values, strict=True)):
            goal = section["goals"].get(name)
            text, end = (f"{value:.3g}", value) if goal is None else (f"{value:.3g}, goal {goal:g}", max(value, goal))
            axes.annotate(text, (end, row), xytext=(4, 0), textcoords="offset points", va="center")
            if goal is not None:
                axes.vlines(goal, row - 0.4, row + 0.4, colors=GOAL, linewidth=2)
        better = "more" if section["more_is_better"] else "less"
        axes.set_title(section["title"], loc="left", fontsize=11, fontweight="bold", pad=18)
        axes.text(0, 1.02, f"{section['axis']}; {better} is better", transform=axes.transAxes, fontsize=9)
        axes.margins(x=0.2)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(sys.argv[1], metadata={"Date": None})


if __name__ == "__main__":
    main()
