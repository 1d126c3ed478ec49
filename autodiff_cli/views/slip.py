"""A usual slip: its name, and the sentence for the student."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.slips import Finding


def write(out: Format, findings: Sequence[Finding]) -> None:
    """Write slips, a paragraph each; where there are none, that it is none of the usual ones."""
    for one in findings:
        parts = [
            part if isinstance(part, str) else out.signs.formula(
                expression(part, part.outputs[0], out.signs.notation)
            )
            for part in one.said
        ]  # fmt: skip
        out.paragraph(f"  {one.slip.name}: ", *parts, hanging=4)
    if not findings:
        out.paragraph("  it is none of the usual slips", hanging=4)


def payload(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return slips as objects."""
    return [
        {"id": one.slip.id, "name": one.slip.name, "text": one.sentence} for one in findings
    ]  # fmt: skip
