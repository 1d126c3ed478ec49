"""The help of one command: how it is written, what it does, and its options."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from autodiff_cli.cli.parameters import Command, Parameter

#: Columns of the options at most, before what they are for.
OPTIONS = 30


def usage(command: Command, name: str, columns: int) -> str:
    """Return the help of a command, as wide as a screen.

    Args:
        command: what is described.
        name: as it is called.
        columns: of the screen.
    """
    prose, examples = described(command.function.__doc__ or "")
    metavar = "" if command.argument is None else command.argument.metavar
    if metavar and not metavar.startswith("["):
        metavar = f"[{metavar}]"
    lines = [examples, "", *_first(f"Usage: autodiff {name} ", f"[OPTIONS] {metavar}", columns)]
    for paragraph in prose.split("\n\n"):
        lines += ["", *_filled(" ".join(paragraph.splitlines()), columns, "  ")]
    if command.argument is not None:
        lines += ["", "Arguments:"]
        lines += _listed([(command.argument.metavar, command.argument.help)], columns)
    rows = [(_spelled(parameter), _told(parameter)) for parameter in command.parameters]
    lines += ["", "Options:"]
    lines += _listed([*rows, ("-h, --help", "Show this message and exit.")], columns)
    return "\n".join(lines)


def described(text: str) -> tuple[str, str]:
    """Split a command's docstring into its prose and its examples, the lines with `autodiff`."""
    lines = [line.strip() for line in text.strip().splitlines()]
    examples = [f"  {line}" for line in lines if line.startswith("autodiff ")]
    prose = [line for line in lines if not line.startswith("autodiff ")]
    return "\n".join(prose).strip(), "\n".join(examples)


def _spelled(parameter: Parameter) -> str:
    option = parameter.option
    spellings = ", ".join(sorted(option.spellings, key=lambda one: one.startswith("--")))
    if parameter.is_flag:
        return spellings
    return f"{spellings} {option.metavar or '<' + '|'.join(parameter.choices) + '>'}"


def _told(parameter: Parameter) -> str:
    """Return what an option is for, with its default and its least number."""
    option, more = parameter.option, []
    if option.show_default and not parameter.is_flag and parameter.default not in (None, ""):
        more.append(f"default: {parameter.default}")
    if option.min is not None:
        more.append(f"x>={option.min}")
    return f"{option.help}  [{'; '.join(more)}]" if more else option.help


def _first(head: str, rest: str, columns: int) -> list[str]:
    """Return the line of the usage; where it is too long for that, the rest stands below."""
    if columns >= len(head) + 20:
        return _filled(rest, columns, " " * len(head), head)
    return [head, *_filled(rest, columns, " " * (len("Usage: ") + 4))]


def _filled(text: str, columns: int, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, columns, initial_indent=indent if first is None else first, subsequent_indent=indent,
        replace_whitespace=False,
    )  # fmt: skip


def _listed(rows: Sequence[tuple[str, str]], columns: int) -> list[str]:
    """Return what is listed, and beside each what it is; below it where it is too long."""
    broad = min(max(len(first) for first, _ in rows), OPTIONS) + 2
    lines = []
    for first, second in rows:
        told = _filled(second, max(columns - broad - 2, 10), "")
        if len(first) + 2 > broad:
            lines.append(f"  {first}")
        else:
            lines.append(f"  {first:<{broad}}{told.pop(0)}")
        lines += [" " * (broad + 2) + line for line in told]
    return lines
