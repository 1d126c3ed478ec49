"""A comparison as a JSON object: what `grad --json` has, and every method beside it."""

from __future__ import annotations

from typing import Any

from autodiff_cli.comparison import Comparison
from autodiff_cli.opinions.claim import Claim
from autodiff_cli.render import json


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
        "digits": dict(report.digits),
        "methods": methods,
        "operations": report.operations._asdict(),
        "claims": [_claim(one) for one in report.claims],
    }


def _claim(one: Claim) -> dict[str, Any]:
    wrong = one.disagreement
    return {
        "variable": one.name,
        "claim": one.text,
        "points": len(one.points),
        "agrees": wrong is None,
        "disagreement": None
        if wrong is None
        else {"at": dict(wrong.at), "claimed": wrong.claimed, "found": wrong.found},
    }
