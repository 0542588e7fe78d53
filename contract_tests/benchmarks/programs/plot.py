"""Draws bars as an SVG: plot.py <file>; sections come as JSON on the standard input."""

from __future__ import annotations

import json
import sys

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "secmaster"  # equal figures give an equal file
mpl.rcParams["svg.fonttype"] = "none"

import matplotlib.pyplot as plt  # noqa: E402  the backend is chosen first

OURS = ("this", "secmaster-contract", "make generate")


def main() -> None:
    """Draw one set of bars below the other."""
    sections = json.load(sys.stdin)
    heights = [0.6 + 0.3 * len(section["bars"]) for section in sections]
    figure, rows = plt.subplots(
        len(sections), 1, figsize=(9, sum(heights) + len(sections) / 2), height_ratios=heights, squeeze=False
    )
    for axes, section in zip(rows[:, 0], sections, strict=True):
        names = list(section["bars"])[::-1]
        values = [section["bars"][name] for name in names]
        colours = ["#1f6f54" if name.startswith(OURS) else "#9aa5ad" for name in names]
        bars = axes.barh(names, values, color=colours)
        axes.bar_label(bars, fmt="%.3g", padding=3)
        axes.set_title(f"{section['title']}: {section['axis']}", loc="left", fontsize=10)
        axes.margins(x=0.12)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(sys.argv[1], metadata={"Date": None})


if __name__ == "__main__":
    main()
