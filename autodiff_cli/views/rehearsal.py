"""What came of trying out lessons."""

from __future__ import annotations

from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.lines import counted
from autodiff_cli.teach.rehearsal import Rehearsal


def write(out: Format, report: Rehearsal) -> None:
    """Write what was tried, and every flaw with its file and line."""
    for flaw in report.flaws:
        out.paragraph(f"{flaw.lesson}.txt, line {flaw.line}: {flaw.text}")
    if report.flaws:
        out.line()
    out.paragraph(
        f"{counted(report.lessons, 'lesson')}, {counted(report.tasks, 'task')} and "
        f"{report.again} more that come back: every answer is judged right, "
        f"{counted(report.wrongs, 'wrong answer')} "
        f"as they should be ({report.diagnosed} by their slip), "
        f"{counted(report.hints, 'hint')} read, {counted(report.commands, 'command')} run"
        if not report.flaws
        else f"{counted(len(report.flaws), 'flaw')} in {counted(report.lessons, 'lesson')}",
        hanging=0,
    )


def payload(report: Rehearsal) -> dict[str, Any]:
    """Return it as an object of JSON."""
    return {
        "schema": "autodiff.learn-check/1",
        "lessons": report.lessons,
        "tasks": report.tasks,
        "again": report.again,
        "wrong_answers": report.wrongs,
        "diagnosed": report.diagnosed,
        "hints": report.hints,
        "commands": report.commands,
        "flaws": [
            {"lesson": flaw.lesson, "line": flaw.line, "text": flaw.text} for flaw in report.flaws
        ],
    }
