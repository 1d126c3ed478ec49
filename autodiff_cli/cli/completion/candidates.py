"""What may stand at the cursor: commands, options, their values, functions and variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from autodiff_cli.cli.parameters import Command, Parameter
from autodiff_cli.errors import AutodiffError

#: What begins the last name of an expression.
_NAME = re.compile(r"(?:^|(?<=[^\w.]))[a-zA-Z]\w*$")


#: What every command has beside its own options.
HELP = {"--help": "the command's options"}


class Candidate(NamedTuple):
    """One word that may stand at the cursor, and what it means."""

    word: str
    meaning: str = ""


class Known(NamedTuple):
    """What the command line offers.

    Attributes:
        commands: name → what it answers.
        topics: name → what it is about.
        taken: a command's name → what it takes.
        formats: a command's name → the names of its formats.
        quotes: whether the shell leaves quotation marks to us.
    """

    commands: Mapping[str, str]
    topics: Mapping[str, str]
    taken: Callable[[str], Command]
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
    takes = _options(known.taken(name))
    if rest and rest[-1].startswith("-") and "=" not in rest[-1]:
        option = takes.get(rest[-1])
        if option is None or not option.is_flag:
            return _beginning(typed, _values(option, name, rest, known))
    if typed.startswith("-"):
        helps = {one: told.option.help for one, told in takes.items()} | HELP
        variables = {f"--{one}": f"the value of {one}" for one in _variables(rest)}
        return _beginning(typed, {**variables, **helps}.items())
    if name == "functions":
        return _beginning(typed, ((one, "") for one in _functions()))
    if name == "run":
        return []
    return _in_expression(typed, rest, quotes=known.quotes)


def _beginning(typed: str, offered: Iterable[tuple[str, str]]) -> list[Candidate]:
    return [Candidate(word, meaning) for word, meaning in offered if word.startswith(typed)]


def _options(command: Command) -> dict[str, Parameter]:
    """Return the spelling of each option → the option."""
    return {
        spelling: parameter
        for parameter in command.parameters
        for spelling in parameter.option.spellings
    }


def _values(
    option: Parameter | None, name: str, rest: Sequence[str], known: Known
) -> Iterable[tuple[str, str]]:
    """Return the values of an option; none where it takes a file or a number."""
    if option is None:
        return []
    if option.name == "format":
        return [(one, "") for one in known.formats(name)]
    if option.name == "wrt":
        return [(one, "") for one in _variables(rest)]
    return [(one, "") for one in option.choices]


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
