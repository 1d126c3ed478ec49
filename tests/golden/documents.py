"""The documents with command lines: how to find them, run them, and compare."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

from autodiff_cli.cli.dispatch import COMMANDS
from tests.console import ROOT, Outcome, autodiff
from tests.tree import tree

README = ROOT / "README.md"
MANUAL = sorted((ROOT / "autodiff_cli" / "manual").glob("*.md"))
DOCUMENTS = (README, *MANUAL)
#: For developers, with the list of the folders too.
DEVELOPERS = ROOT / "autodiff_cli" / "README.md"
SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
#: The list of the folders, which no console block is.
_PARTS = re.compile(r"```\nerrors\.py .*?```", re.DOTALL)
#: The table of the commands.
_COMMANDS = re.compile(r"\| command \| what it answers \|\n(?:\|.*\n)+")


def blocks(text: str) -> list[str]:
    """Return the console blocks of a Markdown text."""
    return _BLOCK.findall(text)


def commands(block: str) -> list[str]:
    """Return the command lines of a console block."""
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def rerun(block: str, run: Callable[..., Outcome] = autodiff) -> str:
    """Return a console block with the output that its command lines have today.

    Args:
        block: lines that begin with `$ ` are command lines.
        run: what runs one: in a process of its own, or in this one.
    """
    parts = []
    for command in commands(block):
        program, *words = shlex.split(command)
        assert program == "autodiff"
        outcome = run(*words)
        assert "program failed" not in outcome.err, command
        parts.append(f"$ {command}\n{outcome.out}{outcome.err}")
    return "\n".join(parts)


def listed() -> str:
    """Return the commands as a table, group by group."""
    lines = ["| command | what it answers |", "|---|---|"]
    for group in dict.fromkeys(group for group, _ in COMMANDS.values()):
        lines.append(f"| **{group}** | |")
        lines += [
            f"| `{name}` | {text} |" for name, (home, text) in COMMANDS.items() if home == group
        ]
    return "".join(f"{line}\n" for line in lines)


def rewritten(text: str) -> str:
    """Return a Markdown text with its console blocks run, parts and commands listed, anew."""
    text = _PARTS.sub(f"```\n{tree()}```", text)
    text = _COMMANDS.sub(lambda _: listed(), text)
    return _BLOCK.sub(lambda match: f"```console\n{rerun(match[1])}```", text)


def golden(sample: Path) -> Path:
    """Return the file that keeps a sample's output."""
    return Path(__file__).parent / sample.name


#: A sample that is read on a narrow screen too: the file of its output, and the columns.
NARROW = (ROOT / "samples" / "derivations.txt", Path(__file__).parent / "derivations_40.txt", 40)


def sample_output(sample: Path, columns: int = 80) -> str:
    """Return what `autodiff run` prints for a sample, and its exit status."""
    outcome = autodiff("run", f"samples/{sample.name}", columns=columns)
    return f"{outcome.out}{outcome.err}exit status {outcome.status}\n"


#: The sheet of one seed, which is the same bytes on every machine and in every Python. Where it has
#: changed in a release, the generator has another version.
WORKSHEET = Path(__file__).parent / "worksheet.json"


def worksheet() -> str:
    """Return a sheet of all kinds of exercises."""
    return autodiff("worksheet", "--seed", "7", "--count", "18", "--json").out
