"""`python -m tests.mutants`: of a seeded sample of mutants, how many do the tests notice?"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.mutate import Mutation, mutations
from tests.mutants.sweep import PACKAGE, judge

#: What is mutated, in the package.
MUTATED = ("ops", "graph", "language", "engine", "notes")

#: The share of the mutants that change behaviour which the tests must notice.
AIM = 0.9

#: Mutants that survive, each with the reason: those that change nothing anyone can observe are
#: `equivalent`, the others `tolerated`.
LISTED = Path(__file__).with_name("survivors.toml")

#: A file, the definition in it, the line before and after.
Key = tuple[str, str, str, str]


def main() -> None:
    """Draw the sample, run the tests on each mutant, and say what survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=600, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="PATH", help="engine/, ops/ieee.py, …")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, metavar="FILE",
                        help="note what is killed; do not try again what is noted")  # fmt: skip
    wanted = parser.parse_args()
    chosen = sample(wanted.count, wanted.seed, wanted.only)
    noted = _noted(wanted.keep)
    left = [one for one in chosen if key(one) not in noted]
    survivors = []
    for done, (one, outcome) in enumerate(judge(left, wanted.workers), 1):
        print(f"\r{done} of {len(left)}", end="", file=sys.stderr, flush=True)
        if not outcome.killed_by:
            survivors.append(one)
        elif outcome.killed_by == "time":  # a loop without end, or a busy machine
            print(f"\r{one.file}:{one.line} ran out of time: {key(one)[3]}", flush=True)
        elif wanted.keep:
            with wanted.keep.open("a", encoding="utf-8") as stream:
                print(json.dumps([*key(one), *outcome]), file=stream)
    sys.exit(not _report(chosen, survivors))


def everything(only: str = "") -> dict[str, list[Mutation]]:
    """Return file → all its mutations, for the files whose path begins with `only`."""
    paths = [path for name in MUTATED for path in _modules(PACKAGE / name)]
    names = {path.relative_to(PACKAGE).as_posix(): path for path in paths}
    return {name: mutations(name, path.read_bytes())
            for name, path in names.items() if name.startswith(only)}  # fmt: skip


def _modules(path: Path) -> Sequence[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def sample(count: int, seed: int, only: str = "") -> list[Mutation]:
    """Return mutations drawn by chance, as many of each module as its share of all."""
    found = everything(only)
    every = sum(map(len, found.values()))
    before, chosen, generator = 0, [], random.Random(seed)
    for of_module in found.values():
        after = before + len(of_module)
        share = after * count // every - before * count // every
        chosen += generator.sample(of_module, min(share, len(of_module)))
        before = after
    return chosen


def key(one: Mutation) -> Key:
    """Return what stays the same of a mutation when lines above it change."""
    return one.file, one.within, *one.lines((PACKAGE / one.file).read_bytes())


def listed(kind: str) -> dict[Key, str]:
    """Return the mutations that are listed as "equivalent" or "tolerated", each with its reason."""
    rows = tomllib.loads(LISTED.read_text(encoding="utf-8")).get(kind, [])
    return {(one["file"], one["within"], one["old"], one["new"]): one["reason"] for one in rows}


def _noted(path: Path | None) -> set[Key]:
    if path is None or not path.exists():
        return set()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(file, within, old, new) for file, within, old, new, *_ in rows}


def _report(chosen: Sequence[Mutation], survivors: Sequence[Mutation]) -> bool:
    """Print the figures of each module and every survivor; tell whether the aim is met."""
    equivalent, tolerated = listed("equivalent"), listed("tolerated")
    same = [one for one in survivors if key(one) in equivalent]
    tried, survived, unchanged = (Counter(one.file for one in some)
                                  for some in (chosen, survivors, same))  # fmt: skip
    print(f"\n{'module':<28}{'mutants':>8}{'killed':>8}{'equivalent':>12}{'survived':>10}")
    for file in tried:
        alive, killed = survived[file] - unchanged[file], tried[file] - survived[file]
        print(f"{file:<28}{tried[file]:>8}{killed:>8}{unchanged[file]:>12}{alive:>10}")
    for one in sorted(survivors, key=lambda one: (one.file, one.start)):
        _, within, old, new = key(one)
        print(f"\n{one.file}:{one.line} {within}\n- {old}\n+ {new}")
        for kind, reasons in (("equivalent", equivalent), ("tolerated", tolerated)):
            if key(one) in reasons:
                print(f"  {kind}: {reasons[key(one)]}")
    killed, changing = len(chosen) - len(survivors), len(chosen) - len(same)
    print(f"\n{killed} of {changing} mutants that change behaviour are killed"
          f" ({killed / max(1, changing):.1%}); {len(same)} are equivalent")  # fmt: skip
    return killed >= AIM * changing


if __name__ == "__main__":
    main()
