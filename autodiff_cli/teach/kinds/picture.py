"""Which formula has this graph? The others differ by one operation, or by what is used where."""

from __future__ import annotations

from collections.abc import Iterator

from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, POWER, SUBTRACT, find
from autodiff_cli.ops.row import Operation
from autodiff_cli.teach.draft import Draft
from autodiff_cli.teach.prose import Prose, formula, plain
from autodiff_cli.teach.question import LETTERS, Question, Wrong

#: Operation → another that a reader may take it for.
_OTHERS: dict[Operation, Operation] = {
    ADD: MULTIPLY, MULTIPLY: ADD, SUBTRACT: ADD, DIVIDE: MULTIPLY,
    **{find(one, 1): find(other, 1) for one, other in (
        ("sin", "cos"), ("cos", "sin"), ("tan", "tanh"), ("tanh", "tan"), ("exp", "ln"),
        ("ln", "exp"), ("sqrt", "cbrt"), ("cbrt", "sqrt"), ("log2", "ln"), ("log10", "ln"),
        ("asin", "sin"), ("atan", "tan"),
    )},
}  # fmt: skip

#: Options of one question.
OPTIONS = 4


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where too few formulas are like this one."""
    graph = draft.graph
    found: dict[str, tuple[Graph, str]] = {}
    for other, text in _altered(graph):
        if other != graph and plain((formula(other),)) != plain((formula(graph),)):
            found.setdefault(plain((formula(other),)), (other, text))
    others = draft.generator.shuffled(list(found.values()))[: OPTIONS - 1]
    if len(others) < OPTIONS - 1:
        return None
    options = draft.generator.shuffled([(graph, ""), *others])
    letters = LETTERS[:OPTIONS]
    shown: list[Prose] = [(formula(one),) for one, _ in options]
    right = next(letter for letter, (_, text) in zip(letters, options, strict=True) if not text)
    wrong = [
        Wrong(id="other-graph", answer=letter, text=text)
        for letter, (_, text) in zip(letters, options, strict=True)
        if text
    ]
    texts = {letter: plain(text) for letter, text in zip(letters, shown, strict=True)}
    return [
        Question(
            key=draft.key(right, form="choice", wrong=wrong, options=texts),
            words=(("Which formula has this graph?",),),
            drawn=graph,
            options=tuple(shown),
            hints=(
                ("read it from the result down: the last operation is the outermost",),
                _outermost(graph),
            ),
            solution=(("it is ", formula(graph)),),
        )
    ]


def _outermost(graph: Graph) -> Prose:
    labels = graph.named()
    last = graph.outputs[0]
    below = [labels[k] for k in dict.fromkeys(graph.operands[last]) if k in labels]
    return (f"the outermost operation, {labels[last]}, takes {' and '.join(below)}",)


def _altered(graph: Graph) -> Iterator[tuple[Graph, str]]:
    """Yield formulas that differ in one operation or one operand, and what to say of each."""
    labels = graph.named()
    for node, label in labels.items():
        row, operands = graph.operations[node], graph.operands[node]
        if row is VARIABLE:
            continue
        if row in _OTHERS and len(operands) in (1, 2):
            yield (
                _with(graph, node, _OTHERS[row], operands),
                f"{label} is another operation in the graph",
            )
        if row in (SUBTRACT, DIVIDE, POWER) and operands[0] != operands[1]:
            yield _with(graph, node, row, operands[::-1]), f"{label} has its operands in this order"
        for place, operand in enumerate(operands):
            for other in labels:
                moved = (*operands[:place], other, *operands[place + 1 :])
                fits = (
                    other < node and other != operand and graph.operations[operand] is not CONSTANT
                )
                if fits and len(set(moved)) == len(set(operands)):
                    yield (
                        _with(graph, node, row, moved),
                        f"{label} takes {labels[operand]} in the graph, not {labels[other]}",
                    )


def _with(graph: Graph, node: int, row: Operation, operands: tuple[int, ...]) -> Graph:
    """Return a formula with another operation at one node."""
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        if index == node:
            places.append(builder.apply(row, tuple([places[k] for k in operands])))
        else:
            places.append(builder.copy(graph, index, places))
    return builder.graph([places[graph.outputs[0]]])
