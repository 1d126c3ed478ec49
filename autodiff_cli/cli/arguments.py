"""The words of a command line, sorted: `--NAME VALUE` that is not an option is a variable.

`--NAME` always takes the next word; after `--` every word is an expression; a word with one
minus that is not exactly an option is an expression too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from autodiff_cli.errors import AutodiffError, VariableError, nearest, shortened

# Text, not compiled: most lines need one or two of them, and `re` keeps what it has compiled.
_NAME = r"[^\W\d]\w*"
_LONG = r"--[^\W\d]"
#: The comma before the next assignment, and before the next one or the next name alone.
_ASSIGNED = r",(?=\s*[^\W\d]\w*\s*=(?!=))"
_BARE = r",(?=\s*[^\W\d]\w*\s*(?:=(?!=)|,|$))"
_SINGLE = r"-([^\W\d]\w*)"


class Scanned(NamedTuple):
    """A command's words, sorted.

    Attributes:
        options: those that are options, each with its value.
        settings: (variable, text of its value), in order.
        expressions: the words that are left.
    """

    options: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    expressions: tuple[str, ...]


def scan(
    words: Sequence[str],
    options: Mapping[str, bool],
    elsewhere: Callable[[str], Sequence[str]] = lambda option: (),
    command: str = "this command",
) -> Scanned:
    """Sort the words of a command line.

    Args:
        words: what follows the command's name.
        options: spelling of each option (`--mode`, `-o`) → whether it takes a value.
        elsewhere: an option without its dashes → the commands that have it.
        command: what the command is called in an error.

    Raises:
        AutodiffError: `-x 4`, a variable without a value, or a name that is none.
    """
    passed: list[str] = []
    settings: list[tuple[str, str]] = []
    expressions: list[str] = []
    todo = list(reversed(words))
    while todo:
        word = todo.pop()
        head, equals, tail = word.partition("=")
        if word == "--":
            expressions += reversed(todo)
            break
        if head in options and (word == head or head.startswith("--")):
            passed.append(word)
            if options[head] and not equals:
                if not todo:
                    raise AutodiffError(f"{word} has no value", mend=f"write {word} and its value")
                passed.append(todo.pop())
        elif head.startswith("--") and re.fullmatch(_NAME, head[2:]):
            settings.append(
                (head[2:], tail if equals else _following(head, todo, options, elsewhere, command))
            )
        elif word.startswith("--") and not re.match(_NAME, word[2:3]):
            expressions.append(word)  # --2: two signs before a number
        elif word.startswith("--"):
            message = f"'{shortened(head)}' is neither an option nor a variable's name"
            raise AutodiffError(message, mend="after -- every word is an expression")
        else:
            if todo and _is_value(todo[-1]):
                _single_minus(word)
            expressions.append(word)
    return Scanned(tuple(passed), tuple(settings), tuple(expressions))


def _following(
    word: str,
    todo: list[str],
    options: Mapping[str, bool],
    elsewhere: Callable[[str], Sequence[str]],
    command: str,
) -> str:
    """Take the value that must follow a variable's `word`."""
    if not todo or re.match(_LONG, todo[-1]):
        having = elsewhere(word[2:])
        if having:
            mend = f"leave it out: it is an option of {', '.join(having)}"
            raise AutodiffError(f"{command} has no use for {word}", mend=mend)
        close = nearest(word, [name for name in options if name.startswith("--")])
        guess = f", or did you mean {close}?" if close else ""
        raise VariableError(f"{word} has no value", mend=f"write {word} 4{guess}")
    return todo.pop()


def _is_value(word: str) -> bool:
    return word[:1].isdigit() or (word[:1] in "-." and word[1:2].isdigit())


def _single_minus(word: str) -> None:
    match = re.fullmatch(_SINGLE, word)
    if match:
        name = match[1]
        raise VariableError(
            f"'-{name}' has one minus", mend=f"write --{name} for the variable {name}"
        )


def assignments(text: str, *, bare: bool = False) -> list[tuple[str, str]]:
    """Split `x=4,y=1,2` at the commas before a name and `=`; a name alone has the value "".

    Args:
        text: the assignments; a value may have commas, also before names: `x=linspace(0,pi,5)`.
        bare: split before a name alone too: `a,b` are two names.

    Raises:
        VariableError: a part is not NAME=VALUE.
    """
    found = []
    for part in re.split(_BARE if bare else _ASSIGNED, text):
        name, _, value = part.partition("=")
        if not re.fullmatch(_NAME, name.strip()):
            raise VariableError(f"'{shortened(part)}' is not NAME=VALUE", mend="write x=4,y=2")
        found.append((name.strip(), value.strip()))
    return found


def suggestion(name: str, options: Mapping[str, bool]) -> str | None:
    """Return the option that a variable's name may have meant: `traec` → `--trace`."""
    close = nearest(name, [option[2:] for option in options if option.startswith("--")])
    return f"--{close}" if close and len(name) > 2 else None
