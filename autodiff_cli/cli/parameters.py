"""What a command takes: its options and its argument, declared beside their types, in groups.

Our own, and no library's of command lines: importing one takes longer than most answers do.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

#: The parameter of every command that no line gives: the run of the program.
SESSION = "session"


class Option:
    """An option as a command declares it, in the `Annotated` of its type.

    Attributes:
        spellings: `-o`, `--output`.
        metavar: what stands for its value in the help, if not the words that it may be.
        help: what it is for.
        callback: returns the value that is meant, or raises the error for it.
        envvar: the variable of the environment that gives a value where the line does not.
        show_default: whether the help says what it is without one.
        min: the least number.
    """

    __slots__ = ("callback", "envvar", "help", "metavar", "min", "show_default", "spellings")

    def __init__(
        self,
        *spellings: str,
        metavar: str = "",
        help: str,
        callback: Callable[[Any], Any] | None = None,
        envvar: str = "",
        show_default: bool = True,
        min: int | None = None,
    ) -> None:
        self.spellings, self.metavar, self.help = spellings, metavar, help
        self.callback, self.envvar, self.min = callback, envvar, min
        self.show_default = show_default


class Argument:
    """The words of a command line that are no options: most often the formula.

    Attributes:
        metavar: what stands for them in the help.
        help: what they are.
    """

    __slots__ = ("help", "metavar")

    def __init__(self, *, metavar: str, help: str) -> None:
        self.metavar, self.help = metavar, help


class Parameter(NamedTuple):
    """An option of one command.

    Attributes:
        name: of the function's parameter, or of a group's field.
        option: as it was declared.
        kind: what its value is; bool where it takes none.
        choices: the words that the value may be, or none where it may be any.
        many: whether it may be given again, each time with another value.
        default: the value where it is not given.
    """

    name: str
    option: Option
    kind: type
    choices: tuple[str, ...]
    many: bool
    default: Any

    @property
    def is_flag(self) -> bool:
        """Whether it takes no value."""
        return self.kind is bool


class Command(NamedTuple):
    """A command as its line is read.

    Attributes:
        function: what it runs.
        parameters: its options, in the order of the help.
        argument: what its other words are, or None where it takes none.
        words: the name of the function's parameter for those words.
        groups: parameter of the function → the group that it takes.
    """

    function: Callable[..., None]
    parameters: tuple[Parameter, ...]
    argument: Argument | None
    words: str
    groups: Mapping[str, type[Any]]

    def run(self, session: object, given: Mapping[str, Any], words: Sequence[str]) -> None:
        """Run the command.

        Args:
            session: the run of the program.
            given: parameter → its value.
            words: those that are no options.
        """
        values: dict[str, Any] = {**given, self.words: [*words] or None}
        whole = {
            name: kind(**{field: values.pop(field) for field in kind._fields})
            for name, kind in self.groups.items()
        }
        values.pop("", None)
        self.function(session, **whole, **values)

    def takes(self) -> dict[str, bool]:
        """Return each option's spelling → whether it takes a value."""
        found = {"--help": False, "-h": False}
        for parameter in self.parameters:
            for spelling in parameter.option.spellings:
                found[spelling] = not parameter.is_flag
        return found


def command(function: Callable[..., None]) -> Command:
    """Return a function as a command, with an option for each field of the groups it takes.

    Args:
        function: takes the session by this name, groups of `options`, and options of its own.
    """
    groups: dict[str, type[Any]] = {}
    parameters: list[Parameter] = []
    argument, words = None, ""
    for name, annotation, default in _flat(function, groups):
        declared = annotation.__metadata__[0]
        if isinstance(declared, Argument):
            argument, words = declared, name
        else:
            parameters.append(_parameter(name, declared, annotation.__origin__, default))
    return Command(function, tuple(parameters), argument, words, groups)


def _flat(
    function: Callable[..., None], groups: dict[str, type[Any]]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, the annotation and the default of each parameter; note the groups."""
    kinds = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        if name == SESSION:
            continue
        kind = kinds[name]
        if not hasattr(kind, "_fields"):
            yield name, kind, parameter.default
            continue
        groups[name] = kind
        for field, annotation in kind.__annotations__.items():
            yield field, annotation, kind._field_defaults[field]


def _parameter(name: str, option: Option, kind: Any, default: Any) -> Parameter:
    """Return an option by its type, such as `int | None` or `list[str] | None`."""
    if get_origin(kind) in (Union, UnionType):
        (kind,) = [one for one in get_args(kind) if one is not NoneType]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return Parameter(name, option, str, inner, False, default)
    many = origin is list
    return Parameter(name, option, inner[0] if many else kind, (), many, default)
