"""Reports as JSON objects: stable names, ids as in the trace, nan and infinities as strings."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.beside import Answer
from autodiff_cli.answers.count import Tally
from autodiff_cli.answers.higher import Entry, Higher
from autodiff_cli.answers.jacobian import Products
from autodiff_cli.answers.trace import Trace
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.note import Note

if TYPE_CHECKING:
    from autodiff_cli.answers.backward import Passes


def dumps(value: Any) -> str:
    """Return one JSON object and a newline: strict JSON, ASCII only, numbers whole."""
    return json.dumps(numbers(value), allow_nan=False) + "\n"


def numbers(value: Any) -> Any:
    """Return a value with arrays as lists and non-finite floats as the strings of the contract."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [numbers(item) for item in value]
    if hasattr(value, "tolist"):
        return numbers(value.tolist())
    return value


def notes(found: Sequence[Note]) -> list[dict[str, Any]]:
    """Return notes as objects."""
    return [{"node": note.node, "kind": note.kind, "text": note.text} for note in found]


def answer(report: Answer) -> dict[str, Any]:
    """Return `autodiff.grad/1`."""
    symbolic = None
    if report.symbolic is not None:
        symbolic = {
            name: {"derivative": row.derivative, "value": row.value}
            for name, row in report.symbolic.items()
        }
    return {
        "schema": "autodiff.grad/1",
        "expression": report.expression,
        "at": dict(report.at),
        "value": report.value,
        "gradient": dict(report.gradient),
        "symbolic": symbolic,
        "verdict": report.verdict,
        "notes": notes(report.notes),
    }


def hessian(report: Higher) -> dict[str, Any]:
    """Return `autodiff.hessian/1`: rows and columns by variable."""
    names = list(report.gradient)
    entries = {entry.path: entry for entry in report.entries}
    matrix = {x: {y: entries[x, y].value for y in names} for x in names}
    symbolic = None
    if all(entry.symbolic is not None for entry in report.entries):
        symbolic = {x: {y: _symbolic(entries[x, y]) for y in names} for x in names}
    return _higher(report, "autodiff.hessian/1", {"hessian": matrix, "symbolic": symbolic})


def product(report: Higher) -> dict[str, Any]:
    """Return `autodiff.hvp/1`: the components of the Hessian times the direction."""
    found = {entry.path[0]: entry.value for entry in report.entries}
    symbolic = None
    if all(entry.symbolic is not None for entry in report.entries):
        symbolic = {entry.path[0]: _symbolic(entry) for entry in report.entries}
    direction = dict(report.direction or {})
    return _higher(
        report, "autodiff.hvp/1", {"direction": direction, "hvp": found, "symbolic": symbolic}
    )


def orders(report: Higher) -> dict[str, Any]:
    """Return what `--order` adds to `autodiff.grad/1`; verdict and notes are those of both."""
    found: dict[str, list[Any]] = {name: [] for name in report.gradient}
    symbolic: dict[str, list[Any]] = {name: [] for name in report.gradient}
    for entry in report.entries:
        found[entry.path[0]].append(entry.value)
        symbolic[entry.path[0]].append(None if entry.symbolic is None else _symbolic(entry))
    return {
        "orders": found,
        "symbolic_orders": symbolic,
        "verdict": report.verdict,
        "notes": notes(report.notes),
    }


def _higher(report: Higher, schema: str, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": schema,
        "expression": report.expression,
        "at": dict(report.at),
        "value": report.value,
        "gradient": dict(report.gradient),
        **found,
        "verdict": report.verdict,
        "notes": notes(report.notes),
    }


def _symbolic(entry: Entry) -> dict[str, Any] | None:
    row = entry.symbolic
    return None if row is None else {"derivative": row.derivative, "value": row.value}


def trace(report: Trace, text: str) -> dict[str, Any]:
    """Return `autodiff.trace/1`. Operations are program text over the ids."""
    nodes = []
    for step, operation in zip(report.steps, report.operations(), strict=True):
        node: dict[str, Any] = {
            "id": step.label,
            "operation": operation,
            "args": [edge.operand for edge in step.edges],
            "value": step.value,
            "partials": {edge.operand: edge.partial for edge in step.edges},
            "tangent": None if step.tangents is None else dict(step.tangents),
            "adjoint": step.adjoint,
        }
        if report.symbolic is not None:
            node["symbolic"] = report.symbolic.node(step.label)
        nodes.append(node)
    return {
        "schema": "autodiff.trace/1",
        "expression": text,
        "at": dict(report.at),
        "value": report.value,
        "gradient": dict(report.gradient),
        "nodes": nodes,
        "notes": notes(report.notes),
    }


def backward(report: Passes) -> dict[str, Any]:
    """Return `autodiff.backward/1`. A gradient is null before the first pass."""
    names = report.graph.named()
    operations = [
        {
            "id": step.label,
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
        "notes": notes(report.notes),
    }


def products(report: Products) -> dict[str, Any]:
    """Return `autodiff.jacobian/1`, `autodiff.vjp/1` or `autodiff.jvp/1`."""
    found: dict[str, Any] = {
        "schema": f"autodiff.{report.kind}/1",
        "expressions": list(report.expressions),
        "at": dict(report.at),
        "values": list(report.values),
        "jacobian": None if report.rows is None else [dict(row) for row in report.rows],
    }
    if report.kind == "jacobian":
        symbolic = [answer(one)["symbolic"] for one in report.answers]
        found |= {
            "mode": report.mode,
            "reason": report.reason,
            "symbolic": symbolic or None,
            "verdict": report.verdict,
        }
    elif report.kind == "vjp":
        found |= {
            "seed": list(report.given),
            "product": dict(zip(report.wrt, report.product, strict=True)),
        }
    else:
        found |= {
            "direction": dict(zip(report.wrt, report.given, strict=True)),
            "product": list(report.product),
        }
    return found | {"notes": notes(report.notes)}


def tally(report: Tally) -> dict[str, Any]:
    """Return `autodiff.count/1`."""
    return {
        "schema": "autodiff.count/1",
        "iterated": report.iterated or None,
        "rows": [
            {
                "expression": row.expression,
                "times": row.times,
                "value": row.counts.value,
                "forward": row.counts.forward,
                "reverse": row.counts.reverse,
                "symbolic": row.symbolic.counts,
                "reason": row.symbolic.reason or None,
            }
            for row in report.rows
        ],
    }


def graph(
    report: Graph, values: Sequence[float] | None, text: str, titles: Sequence[str] = ()
) -> dict[str, Any]:
    """Return `autodiff.graph/1`: nodes with the ids of those they consume.

    `names`, one for each of `outputs`, is there where the outputs have titles.
    """
    names = report.named()
    nodes = []
    for index, name in names.items():
        below = [
            node
            for operand in report.operands[index]
            for node in ([operand] if operand in names else report.operands[operand])
            if node in names
        ]
        nodes.append(
            {
                "id": name,
                "operation": expression(report, index, names=names),
                "args": [names[node] for node in dict.fromkeys(below)],
                "value": None if values is None else values[index],
            }
        )
    outputs = [names.get(index, expression(report, index)) for index in report.outputs]
    return {
        "schema": "autodiff.graph/1",
        "expression": text,
        "nodes": nodes,
        "outputs": outputs,
        **({"names": list(titles)} if titles else {}),
    }
