"""Backward passes: what was saved, and what each pass did to every gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.views.head import notes_payload, numbers, value_of, write_head, write_notes

if TYPE_CHECKING:
    from autodiff_cli.answers.backward import Pass, Passes, Recorded, Saved

#: Labels that are written in a line of text.
LISTED = 6


def write(out: Format, report: Passes) -> None:
    """Write the result, what each operation saved, and every pass."""
    write_head(out, report.graph, report.at)
    made = f", made by {report.grad_fn}" if report.grad_fn else ""
    out.paragraph(value_of(report.graph, report.value, out.signs), made)
    if report.recorded:
        out.line()
        out.table(_saved(out, report))
    for step in report.passes:
        out.line()
        _pass(out, report, step)
    left = report.times - len(report.passes)
    if left:
        which = f"pass {report.times}" if left == 1 else f"passes {len(report.passes) + 1} to "
        which += "" if left == 1 else str(report.times)
        out.paragraph(f"{which} would end the same way")
    out.line()
    out.paragraph(_why(report), hanging=0)
    write_notes(out, report.notes)


def _saved(out: Format, report: Passes) -> Grid:
    signs = out.signs
    names: dict[int, str] = {
        node: signs.label(label) for node, label in report.graph.named().items()
    }
    cells = [
        (
            _called(report, step, signs),
            signs.formula(expression(report.graph, step.node, signs.notation, names)),
            _short(step.value, signs),
            step.grad_fn,
            "\n".join(_kept(saved, signs) for saved in step.saved) or "nothing",
        )
        for step in report.recorded
    ]
    headings = (
        signs.node(report.graph.letter),
        "operation",
        "value",
        "made by",
        "saved for backward",
    )
    return shortened(headings, cells, (0, 1, 3, 4), out.rows)


def _called(report: Passes, step: Recorded, signs: Signs) -> str:
    """Return the label of an operation, and beside it the name that a step of the text gives it."""
    name = report.graph.names.get(step.node)
    label = signs.label(step.label)
    return signs.formula(f"{label} = {signs.name(name)}") if name else label


def _kept(saved: Saved, signs: Signs) -> str:
    if saved.name is None:
        return f"the constant {_short(saved.value, signs)}"
    if isinstance(saved.value, list):
        return f"{saved.name} ({_short(saved.value, signs)})"
    return f"{saved.name} = {_short(saved.value, signs)}"


def _pass(out: Format, report: Passes, step: Pass) -> None:
    signs = out.signs
    seed = "no seed" if step.seed is None else f"seed {numbers(step.seed, signs)}"
    seed = "seed 1" if step.seed is None and not report.shape else seed
    zeroed = ", after .grad was set to 0" if step.zeroed else ""
    out.paragraph(f"pass {step.number}: backward with {seed}{zeroed}")
    if step.error is not None:
        out.paragraph(f"RuntimeError: {step.error}")
        hint = "--retain-graph" if step.number > 1 else "--seed ones" if report.shape else ""
        if hint and step.after:
            out.paragraph(f"on this command line: write {hint}")
        for name, value in step.after.items():
            out.paragraph(f"{name}.grad stays {numbers(value, signs)}")
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
            cells.append((heading, *(numbers(x, signs) for x in (first, added[k], last))))
    out.table(shortened(("", "before", "added", "after"), cells, (0,), out.rows))
    out.paragraph(_fate(step))


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


def _short(value: float | list[float], signs: Signs) -> str:
    return f"{len(value)} numbers" if isinstance(value, list) else signs.number(value)


def _column(value: Any) -> list[float | None]:
    return value if isinstance(value, list) else [value]


def payload(report: Passes) -> dict[str, Any]:
    """Return `autodiff.backward/1`. A gradient is null before the first pass."""
    names = report.graph.named()
    operations = [
        {
            "id": step.label,
            **({"name": report.graph.names[step.node]} if step.node in report.graph.names else {}),
            "operation": expression(report.graph, step.node, names=names),
            "value": step.value,
            "grad_fn": step.grad_fn,
            "saves": [{"id": saved.name, "value": saved.value} for saved in step.saved],
        }
        for step in report.recorded
    ]
    passes = [
        {
            "pass": step.number,
            "seed": step.seed,
            "retain_graph": step.retained,
            "zeroed": step.zeroed,
            "before": dict(step.before),
            "added": dict(step.added),
            "after": dict(step.after),
            "freed": list(step.freed),
            "error": step.error,
        }
        for step in report.passes
    ]
    return {
        "schema": "autodiff.backward/1",
        "expression": report.expression,
        "at": dict(report.at),
        "value": report.value,
        "grad_fn": report.grad_fn,
        "operations": operations,
        "passes": passes,
        "notes": notes_payload(report.notes),
    }
