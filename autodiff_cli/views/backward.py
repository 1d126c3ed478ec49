"""Backward passes on the screen: what was saved, and what each pass did to every gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.printer import expression, number

if TYPE_CHECKING:
    from autodiff_cli.answers.backward import Pass, Passes, Saved

#: Numbers of a list, and labels, that are written in a line of text.
LISTED = 6


def write(screen: Screen, report: Passes, rows: int) -> None:
    """Write the result, what each operation saved, and every pass."""
    made = f", made by {report.grad_fn}" if report.grad_fn else ""
    screen.paragraph(f"f = {listed(report.value)}{made}")
    if report.recorded:
        screen.line()
        screen.table(_saved(screen, report, rows))
    for step in report.passes:
        screen.line()
        _pass(screen, report, step, rows)
    left = report.times - len(report.passes)
    if left:
        which = f"pass {report.times}" if left == 1 else f"passes {len(report.passes) + 1} to "
        which += "" if left == 1 else str(report.times)
        screen.paragraph(f"{which} would end the same way")
    screen.line()
    screen.paragraph(_why(report), 0)


def _saved(screen: Screen, report: Passes, rows: int) -> Grid:
    names = report.graph.named()
    notation = screen.alphabet.notation
    cells = [
        (
            step.label,
            expression(report.graph, step.node, notation, names),
            _short(step.value),
            step.grad_fn,
            "\n".join(map(_kept, step.saved)) or "nothing",
        )
        for step in report.recorded
    ]
    headings = ("w_i", "operation", "value", "made by", "saved for backward")
    return shortened(headings, cells, (0, 1, 3, 4), rows)


def _kept(saved: Saved) -> str:
    if saved.name is None:
        return f"the constant {_short(saved.value)}"
    if isinstance(saved.value, list):
        return f"{saved.name} ({_short(saved.value)})"
    return f"{saved.name} = {_short(saved.value)}"


def _pass(screen: Screen, report: Passes, step: Pass, rows: int) -> None:
    seed = "no seed" if step.seed is None else f"seed {listed(step.seed)}"
    seed = "seed 1" if step.seed is None and not report.shape else seed
    zeroed = ", after .grad was set to 0" if step.zeroed else ""
    screen.paragraph(f"pass {step.number}: backward with {seed}{zeroed}")
    if step.error is not None:
        screen.paragraph(f"RuntimeError: {step.error}", 2)
        hint = "--retain-graph" if step.number > 1 else "--seed ones" if report.shape else ""
        if hint and step.after:
            screen.paragraph(f"on this command line: write {hint}")
        for name, value in step.after.items():
            screen.paragraph(f"{name}.grad stays {listed(value)}")
        return
    cells = []
    for name in step.after:
        before, added, after = (
            _column(where[name]) for where in (step.before, step.added, step.after)
        )
        several = isinstance(step.after[name], list)
        for k, last in enumerate(after):
            heading = f"{name}.grad[{k}]" if several else f"{name}.grad"
            first = before[k] if len(before) > 1 else before[0]
            cells.append((heading, _number(first), _number(added[k]), _number(last)))
    screen.table(shortened(("", "before", "added", "after"), cells, (0,), rows))
    screen.paragraph(_fate(step))


def _fate(step: Pass) -> str:
    if step.retained:
        return "saved values: kept"
    if not step.freed:
        return "saved values: there were none to free"
    return f"saved values of {_labels(step.freed)}: freed"


def _why(report: Passes) -> str:
    """Say whether backward can run again, and why."""
    needy = [step.label for step in report.recorded if step.saved]
    if not report.recorded and report.passes[-1].error is not None:
        return "Nothing was recorded, so there is nothing that backward could go through."
    if not report.recorded:
        return "The result is the variable itself: nothing was computed, saved or freed."
    if not needy:
        return (
            "No operation saved anything: their slopes are constants. So nothing is ever freed, "
            "and backward can run again and again without --retain-graph."
        )
    rules = "the rule of {} needs" if len(needy) == 1 else "the rules of {} need"
    head = (
        f"What is saved are values, no derivatives: {rules.format(_labels(needy))} them, and "
        "the slopes are computed in the backward pass. "
    )
    if any(step.freed for step in report.passes):
        return head + (
            "The pass that frees them is the last that can run; .grad is untouched by a pass that "
            "cannot."
        )
    if report.passes[-1].error is not None:
        return head + "No pass has run, so they are all still there."
    return head + "They are still there, so another pass could run; each is added to .grad."


def _labels(labels: Any) -> str:
    if len(labels) > 2 * LISTED:
        return f"{', '.join(labels[:LISTED])} and {len(labels) - LISTED} more"
    *rest, last = labels
    return f"{', '.join(rest)} and {last}" if rest else str(last)


def listed(value: Any) -> str:
    """Return a number, None, or the first numbers of a list in brackets."""
    if not isinstance(value, list):
        return _number(value)
    shown = ", ".join(map(number, value[:LISTED]))
    return f"[{shown}{', …' if len(value) > LISTED else ''}]"


def _short(value: float | list[float]) -> str:
    return f"{len(value)} numbers" if isinstance(value, list) else number(value)


def _number(value: float | None) -> str:
    return "None" if value is None else number(value)


def _column(value: Any) -> list[float | None]:
    return value if isinstance(value, list) else [value]
