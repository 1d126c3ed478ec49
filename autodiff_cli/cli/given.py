"""What a line gives a command: the values of its options, converted and checked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from autodiff_cli.cli.parameters import Command, Parameter
from autodiff_cli.errors import AutodiffError, shortened, visible


def read_options(
    command: Command, words: Sequence[str], others: Sequence[str], mend: str
) -> dict[str, Any]:
    """Return parameter → value, for every option of a command.

    Args:
        command: what the line is for.
        words: the options of the line, each of them one of the command's, each with its value.
        others: its other words.
        mend: what to write instead of a wrong value.

    Raises:
        AutodiffError: a value is none of its option's, an option is given two values, or there are
            other words and the command takes none.
    """
    given: dict[str, list[str]] = {}
    flags: list[str] = []
    by_spelling = {
        spelling: parameter
        for parameter in command.parameters
        for spelling in parameter.option.spellings
    }
    for head, value in _pairs(words, by_spelling):
        parameter = by_spelling.get(head)
        if parameter is None:  # --help=…
            flags.append(head)
            continue
        values = given.setdefault(parameter.name, [])
        if parameter.is_flag and value:
            flags.append(head)
        elif values and not parameter.many and values[-1] != value:
            first, second = (visible(shortened(text)) for text in (values[-1], value))
            raise AutodiffError(f"{head} is given twice: {first} and {second}", mend="give it once")
        values.append(value)
    if flags:
        raise AutodiffError(f"Option '{flags[0]}' does not take a value", mend=mend)
    here = {parameter.name: parameter for parameter in command.parameters}
    found = {name: _value(here[name], given.get(name), mend) for name in {**given, **here}}
    if others and command.argument is None:
        raise AutodiffError(f"Got unexpected extra argument(s) ({' '.join(others)})", mend=mend)
    return found


def _pairs(words: Sequence[str], by_spelling: dict[str, Parameter]) -> Iterator[tuple[str, str]]:
    """Yield each option as spelled, and its value; what stands after the = of a flag, or ""."""
    todo = iter(words)
    for word in todo:
        head, equals, value = word.partition("=")
        if head not in by_spelling or by_spelling[head].is_flag:
            yield head, equals and (value or equals)
        else:
            yield head, value if equals else next(todo)


def _value(parameter: Parameter, texts: list[str] | None, mend: str) -> Any:
    """Return the value of an option: of the line, else of the environment, else the default."""
    option = parameter.option
    if texts is None and option.envvar and (setting := os.environ.get(option.envvar)):
        texts = [setting]
    value = parameter.default
    if texts is not None:
        value = [_converted(parameter, text, mend) for text in texts]
        value = value if parameter.many else value[-1]
    return value if option.callback is None else option.callback(value)


def _converted(parameter: Parameter, text: str, mend: str) -> Any:
    """Return what a text means to an option."""
    kind, least = parameter.kind, parameter.option.min
    if kind is bool:
        return True
    fault = ""
    try:
        value = kind(text)
    except ValueError:
        fault = f"{text!r} is not a valid {kind.__name__}{'' if least is None else ' range'}"
    else:
        if parameter.choices and value not in parameter.choices:
            fault = f"{text!r} is not one of {', '.join(map(repr, parameter.choices))}"
        elif least is not None and value < least:
            fault = f"{value} is not in the range x>={least}"
    if fault:
        spelled = " / ".join(f"'{spelling}'" for spelling in parameter.option.spellings)
        raise AutodiffError(f"Invalid value for {spelled}: {fault}", mend=mend)
    return value
