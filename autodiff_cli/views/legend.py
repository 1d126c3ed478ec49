"""What the keys of a walk do, and what its signs mean."""

from __future__ import annotations

from autodiff_cli.errors import width
from autodiff_cli.formats.signs import Signs
from autodiff_cli.teach.frames import Frame
from autodiff_cli.views.stage import broken


def legend(frame: Frame, signs: Signs, columns: int) -> list[str]:
    """Return the lines of the help.

    Args:
        frame: the frame that is shown, for the names of its formula.
        signs: the signs of the screen.
        columns: how broad it is.
    """
    report = frame.of.report
    letter, called = report.graph.letter, report.graph.called
    node = str(signs.node(letter))
    by = report.wrt[0] if len(report.wrt) == 1 else "a variable"
    right, left, active, source = "→", "←", "→", "·"
    if signs.plain:
        right, left, active, source = "->", "<-", ">", "*"
    keys = [
        (f"{right} space", "the next step"),
        (left, "one step back"),
        ("Home End", "the first step, the last one"),
        ("PgDn PgUp", "ten steps on, ten back"),
        ("12 Enter", "step 12"),
        ("f r", "the forward sweep, the reverse sweep"),
        ("p", "predict: you are asked for each number before it is shown"),
        ("q", "quit"),
    ]
    meanings = [
        ("value", f"what {node} is at the point"),
        (
            signs.local(f"{letter}2", f"{letter}1"),
            f"local partial: how fast {letter}2 moves when {letter}1 does",
        ),
        (signs.tangent(letter), f"tangent: how fast {node} moves when {by} does"),
        (signs.adjoint(letter), f"adjoint: how fast {called} moves when {node} does"),
        (f"24 + {signs.ellipsis}", "the sum so far: more terms come"),
        (".grad", "what PyTorch keeps for a variable, once its adjoint is whole"),
        (active, "the node that this step is about"),
        (source, "where its number comes from"),
    ]
    answers = "An answer is a number, or a formula over what you see: 48, 3*4^2, 3*w1^2, bar w3*8."
    broad = max(width(name) for name, _ in [*keys, *meanings])
    lines = []
    for name, text in [("", ""), *keys, ("", ""), *meanings][1:]:
        if not name:
            lines.append("")
            continue
        indent = broad + 2
        first, *rest = broken(signs.text(text), max(8, columns - indent))
        lines.append(f"{name}{' ' * (indent - width(name))}{first}")
        lines += [f"{' ' * indent}{line.strip()}" for line in rest]
    return [*lines, "", *broken(signs.text(answers), columns)]
