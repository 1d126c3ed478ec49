"""A comparison as a JSON object: what `grad --json` has, and every method beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from autodiff_cli.answers.compare import Comparison
from autodiff_cli.answers.sampled import Points
from autodiff_cli.formats import json
from autodiff_cli.methods.claim import Claim
from autodiff_cli.methods.step_sizes import Sweep


def comparison(report: Comparison) -> dict[str, Any]:
    """Return `autodiff.compare/1`."""
    methods = {
        name: [
            {
                "method": row.method,
                "value": row.value,
                "error": error,
                "seconds": row.seconds,
                "reason": row.reason or None,
            }
            for row, error in zip(rows, report.errors[name], strict=True)
        ]
        for name, rows in report.methods.items()
    }
    return {
        **json.answer(report.answer),
        "schema": "autodiff.compare/1",
        "verdict": report.verdict,
        "digits": dict(report.digits),
        "methods": methods,
        "operations": asdict(report.operations),
        "claims": [_claim(one) for one in report.claims],
        "steps": {
            name: [_sweep(sweep) for sweep in sweeps] for name, sweeps in report.sweeps.items()
        }
        or None,
        "points": None
        if report.points is None
        else _points(report.points, report.question.graph.variables),
    }


def _sweep(sweep: Sweep) -> dict[str, Any]:
    return {
        "precision": sweep.precision,
        "against": sweep.against,
        "best": {curve.method: curve.best for curve in sweep.curves},
        "shape": {curve.method: curve.shape for curve in sweep.curves},
        "rows": [step._asdict() for step in sweep.steps],
    }


def _points(points: Points, names: Sequence[str]) -> dict[str, Any]:
    return {
        "asked": points.asked,
        "found": len(points.at),
        "at": {name: [point[name] for point in points.at] for name in names},
        "against": points.against,
        "reason": points.reason or None,
        "unmeasured": dict(points.unmeasured),
        "verdict": points.verdict,
        "worst": {
            name: [{**row._asdict(), "reason": row.reason or None} for row in rows]
            for name, rows in points.worst.items()
        },
    }


def _claim(one: Claim) -> dict[str, Any]:
    wrong = one.disagreement
    return {
        "variable": one.name,
        "claim": one.text,
        "points": len(one.points),
        "outcome": one.outcome,
        "agrees": None if one.outcome == "undecided" else wrong is None,
        "side": next((point.side for point in one.points if point.side), None),
        "unreached": list(one.unreached),
        "disagreement": None
        if wrong is None
        else {"at": dict(wrong.at), "claimed": wrong.claimed, "found": wrong.found},
    }
