"""What is said of results in a file beside them: which program made them, from what, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from autodiff_cli.batch.claimed import Held
from autodiff_cli.batch.dataset import Done
from autodiff_cli.batch.results import Results
from autodiff_cli.batch.summary import Extreme, Row
from autodiff_cli.files.pieces import Piece


def manifest(report: Results) -> dict[str, Any]:
    """Return `autodiff.manifest/1`, which stands beside the results as well."""
    pieces = [one.piece for one in report.files]
    sample = None if report.answer is None else report.answer.sample
    return {
        "schema": "autodiff.manifest/1",
        **report.work,
        "versions": dict(report.versions),
        "files": list(map(_file, report.files)),
        "rows": report.kept.points,
        "left_out": report.kept.left.rows,
        "columns": {
            header: {
                "finite": kept.finite,
                "least": _extreme(kept.least, pieces),
                "greatest": _extreme(kept.greatest, pieces),
                "mean": kept.mean,
            }
            for header, kept in report.kept.columns.items()
        },
        "notes": [note._asdict() for note in report.notes],
        "verdict": report.verdict,
        **({} if sample is None else {"sample": asdict(sample)}),
        **({"claims": [_held(one, report) for one in report.claims]} if report.claims else {}),
    }


def _held(one: Held, report: Results) -> dict[str, Any]:
    return {
        "variable": one.claim.name,
        "claim": one.claim.text,
        "of": "you" if one.claim.mine else "SymPy",
        "beyond": one.beyond,
        "judged": one.judged,
        "outcome": one.outcome,
        "wrong": [_row(row, report) for row in one.wrong],
        "furthest": [_row(row, report) for row in one.off],
    }


def _row(row: Row, report: Results) -> dict[str, Any]:
    claimed, found = row.numbers
    return {
        "file": report.files[row.place.piece].piece.path,
        "row": row.row,
        "at": dict(zip(report.graph.variables, row.at, strict=True)),
        "claimed": claimed,
        "found": found,
    }


def _file(one: Done) -> dict[str, Any]:
    groups = one.piece.groups
    return {
        "file": one.name,
        "of": one.piece.path,
        "groups": None if groups is None else list(groups),
        "rows": one.rows,
        "bytes": one.bytes,
    }


def _extreme(found: Extreme | None, pieces: Sequence[Piece]) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": found.value, "file": pieces[found.place.piece].path, "row": found.row}
