"""`python -m tests.benchmarks`: every figure that the project promises, measured here and now."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from tests.benchmarks import peers
from tests.benchmarks.measure import OURS, Row

#: Part → what its table is about. Each is a module here with a function `rows`.
PARTS = {
    "start": "from prompt to answer, whole processes",
    "long_formula": "one long formula, from text to value and gradient",
    "growth": "how work and room grow with the formula",
    "same_formula": "the same formula again, one point a call",
    "million_points": "a million points, value and all partial derivatives",
    "lab_training": "a network that learns in the lab",
    "big_files": "big files, from file to file",
    "moving_pages": "a page, made and moved",
}


def main() -> None:
    """Print the tables, and keep them as JSON on request."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--json", metavar="FILE", help="keep the figures in a file")
    wanted = parser.parse_args()
    unknown = set(wanted.parts) - PARTS.keys()
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    console = Console()
    console.width = max(console.width, 118)
    machine = _machine()
    for line in machine.values():
        console.print(line, highlight=False, markup=False)
    found: dict[str, list[Row]] = {}
    for part in wanted.parts or PARTS:
        found[part] = importlib.import_module(f"tests.benchmarks.{part}").rows()
        _print(console, PARTS[part], found[part])
    if wanted.json:
        kept = {part: [asdict(row) | {"met": row.met()} for row in rows]
                for part, rows in found.items()}  # fmt: skip
        with open(wanted.json, "w", encoding="utf-8") as stream:
            json.dump({"machine": machine, **kept}, stream, indent=1)


def _machine() -> dict[str, str]:
    """Return what the figures depend on, one line each."""
    versions = peers.versions()
    there = [f"{name} {version}" for name, version in versions.items() if version]
    absent = [name for name, version in versions.items() if version is None]
    lines = {
        "python": f"Python {platform.python_version()}, {platform.system()}, "
        f"{platform.machine()}, {os.cpu_count()} cores",
        "peers": f"peers: {', '.join(there) or 'none is installed'}",
    }
    if absent:
        lines["absent"] = f"not installed, and not measured: {', '.join(absent)}"
    return lines


def _print(console: Console, title: str, rows: list[Row]) -> None:
    """Print one part: a line for each peer of each row."""
    table = Table(title=title, title_justify="left")
    for heading in ("what", "autodiff", "beside", "theirs", "ratio", "limit", ""):
        table.add_column(heading, justify="left" if heading in ("what", "beside") else "right")
    for row in rows:
        first = (row.what, f"{row.figures[OURS]:.3g} {row.unit}")
        for who, ratio in row.ratios.items():
            limit = row.limits.get(who)
            verdict = "" if limit is None else "met" if ratio <= limit else "MISSED"
            table.add_row(
                *first, who, f"{row.figures[who]:.3g}", f"{ratio:.2f}",
                "" if limit is None else f"{limit:.2f}", verdict,
            )  # fmt: skip
            first = ("", "")
        for who, why in row.missing.items():
            table.add_row(*first, who, why)
            first = ("", "")
    console.print(table)


if __name__ == "__main__":
    main()
