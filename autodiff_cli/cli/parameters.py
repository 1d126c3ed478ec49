"""From a command's function to the parameters that Typer reads: groups of options are expanded."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from autodiff_cli.cli.session import Session


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """Return a function with an option for each field of the groups that a command takes.

    Args:
        command: takes the session, groups of `options`, and options of its own.

    Returns:
        what Typer calls: it takes the context and every option, and hands the groups on whole.
    """
    import typer

    groups: dict[str, Any] = {}
    parameters = [_parameter("context", typer.Context)]
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in inspect.signature(command).parameters.items():
        kind = hints[name]
        if kind is Session:
            continue
        if not hasattr(kind, "_fields"):
            parameters.append(_parameter(name, kind, parameter.default))
            continue
        groups[name] = kind
        for field, annotation in kind.__annotations__.items():
            parameters.append(_parameter(field, annotation, kind._field_defaults[field]))

    def called(context: Any, **given: Any) -> None:
        whole = {
            name: kind(**{field: given.pop(field) for field in kind._fields})
            for name, kind in groups.items()
        }
        command(context.obj, **whole, **given)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called


def _parameter(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    kind = (
        inspect.Parameter.KEYWORD_ONLY
        if name != "context"
        else inspect.Parameter.POSITIONAL_OR_KEYWORD
    )
    return inspect.Parameter(name, kind, default=default, annotation=annotation)
