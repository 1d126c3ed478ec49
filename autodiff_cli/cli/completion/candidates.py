"""What may stand at the cursor: commands, options, their values, functions and variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff_cli.errors import AutodiffError

#: What begins the last name of an expression.
_NAME = re.compile(r"(?:^|(?<=[^\w.]))[a-zA-Z]\w*$")


class Candidate(NamedTuple):
    """One word that may stand at the cursor, and what it means."""

    word: str
    meaning: str = ""


class Known(NamedTuple):
    """What the command line offers.

    Attributes:
        commands: name → what it answers.
        topics: name → what it is about.
        parsed: a command's name → the command as Typer reads it.
        formats: a command's name → the names of its formats.
        quotes: whether the shell leaves quotation marks to us.
    """

    commands: Mapping[str, str]
    topics: Mapping[str, str]
    parsed: Callable[[str], Any]
    formats: Callable[[str], Sequence[str]]
    quotes: bool = True


def candidates(words: Sequence[str], known: Known) -> list[Candidate]:
    """Return what may stand at the cursor; nothing where only a file may.

    Args:
        words: those after the program's name, up to the cursor; the last is being typed.
        known: what there is to choose from.
    """
    *before, typed = words or [""]
    if not before:
        general = {"help": "a page of the manual, or a command's options"}
        options = {
            "--help": "the commands",
            "--version": "the version",
            "--install-completion": "completion in this shell",
            "--show-completion": "the script that does so",
        }
        offered = options if typed.startswith("-") else {**known.commands, **general}
        return _beginning(typed, offered.items())
    name, *rest = before
    if name == "help":
        return _beginning(typed, {**known.topics, **known.commands}.items()) if not rest else []
    if name not in known.commands:
        return []
    command = known.parsed(name)
    takes = _options(command)
    if rest and rest[-1].startswith("-") and "=" not in rest[-1]:
        option = takes.get(rest[-1])
        if option is None or not option.is_flag:
            return _beginning(typed, _values(option, name, rest, known))
    if typed.startswith("-"):
        helps = {spelling: one.help or "" for spelling, one in takes.items()}
        variables = {f"--{one}": f"the value of {one}" for one in _variables(rest)}
        return _beginning(typed, {**variables, **helps}.items())
    if name == "functions":
        return _beginning(typed, ((one, "") for one in _functions()))
    if name == "run":
        return []
    return _in_expression(typed, rest, quotes=known.quotes)


def _beginning(typed: str, offered: Iterable[tuple[str, str]]) -> list[Candidate]:
    return [Candidate(word, meaning) for word, meaning in offered if word.startswith(typed)]


def _options(command: Any) -> dict[str, Any]:
    """Return the long spelling of each option → the option."""
    return {
        spelling: parameter
        for parameter in command.params
        if parameter.param_type_name == "option"
        for spelling in parameter.opts
    } | {"--help": _Help()}


class _Help:
    """What Typer adds by itself."""

    is_flag, help = True, "the command's options"


def _values(option: Any, name: str, rest: Sequence[str], known: Known) -> Iterable[tuple[str, str]]:
    """Return the values of an option; none where it takes a file or a number."""
    if option is None:
        return []
    if option.name == "format":
        return [(one, "") for one in known.formats(name)]
    if option.name == "wrt":
        return [(one, "") for one in _variables(rest)]
    return [(one, "") for one in getattr(option.type, "choices", ())]


def _expression(words: Sequence[str]) -> str:
    """Return the first word that is no option, which is the formula in most commands."""
    return next((word for word in words if word and not word.startswith("-")), "")


def _variables(words: Sequence[str]) -> tuple[str, ...]:
    """Return the variables of the formula among words, or none where it cannot be read yet."""
    from autodiff_cli.answers.reading import parse

    text = _expression(words).strip("'\"")
    if not text or text.startswith("@"):
        return ()
    try:
        return parse(text).variables
    except AutodiffError:
        return ()


def _functions() -> list[str]:
    from autodiff_cli.ops import FUNCTIONS

    return sorted(FUNCTIONS)


def _in_expression(typed: str, rest: Sequence[str], *, quotes: bool) -> list[Candidate]:
    """Return an expression with each function that its last name may become."""
    bare = typed.lstrip("'\"")
    found = _NAME.search(bare)
    if found is None or _expression(rest):
        return []
    # A bracket needs quotation marks, which are easily forgotten.
    opened = (typed[: len(typed) - len(bare)] or '"') if quotes else ""
    stem, begun = bare[: found.start()], found[0]
    fitting = [f"{opened}{stem}{one}(" for one in _functions() if one.startswith(begun)]
    if len(fitting) == 1:  # two, so that the shell does not close the quotation marks
        fitting.append(f"{fitting[0]}x)")
    return [Candidate(one) for one in fitting]
