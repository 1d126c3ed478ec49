"""`autodiff help`: the commands in their groups, and the manual, whose pages are in the package."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.formats.lines import columns_of, wrapped

EXAMPLES = """\
autodiff shows how a machine differentiates a formula.

  autodiff grad "sin(x)+sin(y)" --x 4 --y 2
  autodiff trace "x^3 + 2x^2 + 8x" --x 4
  autodiff graph "x^3 + 2x^2 + 8x"
  autodiff compare "x^3 + 2x^2 + 8x" --x 4 --claim x="3x^2 + 4x + 8"
"""

#: Page of the manual → what it is about. Each is the file of its name in `manual/`.
TOPICS = {
    "reading-a-trace": "what every column and every verdict of an answer means",
    "language": "how formulas are written, and what is understood",
    "commands": "every command with an example, and the exit statuses",
    "teaching": "derivations, lessons, exercises: for students and their teachers",
    "handouts": "formats, pictures, and what fits a page",
    "data": "values from tables, and results into them",
    "json": "the objects that --json prints",
    "python": "the same from Python",
    "lab": "PyTorch's words over this engine",
    "limits": "how much is accepted, and the environment variables",
    "promises": "what is promised, by which test, and what is not",
    "performance": "how fast, beside what",
    "architecture": "how the program is built, and how to add to it",
    "changelog": "what has changed",
}


def contents(commands: Mapping[str, tuple[str, str]]) -> str:
    """Return what `autodiff help` prints.

    Args:
        commands: name → its group, and what it answers.
    """
    columns = columns_of(sys.stdout)
    lines = [EXAMPLES.rstrip("\n")]
    for group in dict.fromkeys(group for group, _ in commands.values()):
        lines += ["", f"{group.capitalize()}:"]
        for name, (home, text) in commands.items():
            if home == group:
                lines += wrapped(f"  {name:<11}{text}", columns, 11)
    lines += ["", "Manual, as autodiff help TOPIC:"]
    lines += wrapped(f"  {', '.join(TOPICS)}", columns, 0)
    lines.append("")
    lines += wrapped("autodiff COMMAND --help shows a command's options, as does autodiff help "
                     "COMMAND; autodiff --version prints the version, autodiff "
                     "--install-completion completes what is typed. Every command has "
                     "--debug, --no-pager and --quiet.", columns, 0)  # fmt: skip
    return "".join(f"{line}\n" for line in lines)


def show_page(
    words: Sequence[str], commands: Mapping[str, tuple[str, str]], *, pages: bool
) -> None:
    """Show a page of the manual: laid out on a terminal, as its Markdown anywhere else.

    Args:
        words: the topic.
        commands: what `help` also explains, to find what was meant.
        pages: whether a long page is shown a screen at a time.

    Raises:
        AutodiffError: there is no such topic.
    """
    topic, *more = words
    if topic == "json" and len(more) == 1:
        sys.stdout.write(schema(more[0]))
        return
    if topic not in TOPICS or more:
        close = nearest(topic, [*TOPICS, *commands])
        mend = f"did you mean {close}?" if close else "autodiff help lists both"
        asked = shortened(" ".join(words))
        raise AutodiffError(f"there is no command or topic '{asked}'", mend=mend)
    text = page(topic)
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from autodiff_cli.cli import pager
    from autodiff_cli.cli.collected import Collected
    from autodiff_cli.formats.screen import Screen
    from autodiff_cli.views.manual import write

    buffer = Collected(sys.stdout)
    write(Screen(buffer), text)
    pager.page(buffer.getvalue()) if pages else sys.stdout.write(buffer.getvalue())


def schema(name: str) -> str:
    """Return the JSON Schema of the object that `--json` prints, by the name of its command.

    Raises:
        AutodiffError: there is none of that name.
    """
    from importlib.resources import files

    folder = files("autodiff_cli") / "schemas"
    names = sorted(one.name[:-5] for one in folder.iterdir() if one.name.endswith(".json"))
    if name not in names:
        raise AutodiffError(f"there is no schema '{shortened(name)}'", mend=f"{', '.join(names)}")
    return (folder / f"{name}.json").read_text(encoding="utf-8")


def page(topic: str) -> str:
    """Return a page of the manual, as Markdown."""
    from importlib.resources import files  # slow to load, and the list needs none

    return (files("autodiff_cli") / "manual" / f"{topic}.md").read_text(encoding="utf-8")
