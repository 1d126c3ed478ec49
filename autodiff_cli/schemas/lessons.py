"""The objects of derivations, lessons and exercises."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from autodiff_cli.schemas.parts import NoteObject, Number


class RuleObject(TypedDict):
    """A line of a derivation.

    Attributes:
        step: its number; null for lines that are too plain to have one.
        rule: the name of the rule.
        law: the law that is used on the way, such as of logarithms.
        node: the id of the step of the graph that it differentiates.
        before: what is differentiated, as program text.
        after: what it becomes, with d/dx[…] on what is still to be differentiated.
        outer: the outer function of the chain rule.
        inner: its inner function.
        partial: the machine's local partial, where there is a point and one partial.
        tangent: the machine's tangent of the step, where there is a point.
        same_as: the number of the line that differentiated the same part before.
        kinks: what is used where there is no derivative.
        substeps: the lines of what is inside.
    """

    step: int | None
    rule: str
    law: str | None
    node: str | None
    before: str
    after: str
    outer: str | None
    inner: str | None
    partial: Number | None
    tangent: Number | None
    same_as: int | None
    kinks: list[str]
    substeps: list[RuleObject]


class DerivationObject(TypedDict):
    """A derivation.

    Attributes:
        order: of a further derivation, the order of what it finds.
        expression: of a further derivation, what it differentiates.
        of: of a piece, the named step that it differentiates.
        by: of a piece, the named step by which.
        steps: its lines, as a tree.
        next: with --steps or --hint, the rule of the next line; null at the end.
        tidy: the lines that tidy up.
        derivative: what it finds, as program text that reads back.
        value: the same at the point.
        equals_symbolic: whether SymPy's is equal; null where SymPy was not asked.
        orders: with --order, the further derivations.
    """

    order: NotRequired[int]
    expression: NotRequired[str]
    of: NotRequired[str]
    by: NotRequired[str]
    steps: list[RuleObject]
    next: NotRequired[str | None]
    tidy: NotRequired[list[str]]
    derivative: NotRequired[str]
    value: NotRequired[Number | None]
    equals_symbolic: NotRequired[bool | None]
    orders: NotRequired[list[DerivationObject]]


class TermObject(TypedDict):
    """A term of a sum over paths.

    Attributes:
        through: the named step that the path goes through.
        derivative: its factor there, as program text.
        value: the factor at the point.
    """

    through: str
    derivative: str
    value: Number | None


class TotalObject(TypedDict):
    """A derivative as a sum over paths.

    Attributes:
        by: what it is the derivative by.
        sum: its terms.
        derivative: the sum, as program text.
        value: the same at the point.
    """

    by: str
    sum: list[TermObject]
    derivative: str
    value: Number | None


class ExplainObject(TypedDict):
    """Derivations by the rules of calculus.

    Attributes:
        schema: autodiff.explain/1.
        expression: the formula.
        wrt: the variables.
        at: the point; null without one.
        derivations: variable → its derivation.
        pieces: of named steps, what each is by those that stand in it.
        totals: of named steps, the derivative by each, added up over all paths.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.explain/1"]
    expression: str
    wrt: list[str]
    at: dict[str, Number] | None
    derivations: dict[str, DerivationObject]
    pieces: NotRequired[list[DerivationObject]]
    totals: NotRequired[list[TotalObject]]
    notes: list[NoteObject]


class FormulaObject(TypedDict):
    """A formula by SymPy.

    Attributes:
        derivative: the formula.
        simplified: a shorter form, where one was found.
    """

    derivative: str
    simplified: NotRequired[str]


class DerivativeFormulaObject(TypedDict):
    """A derivative as a formula.

    Attributes:
        order: of a higher derivative, which one.
        derivative: by the rules of calculus, as program text.
        graph: what the gradient graph computes; null where it is long.
        symbolic: SymPy's; null where it has none.
        equals_symbolic: whether SymPy's is equal.
        orders: with --order, the higher derivatives.
    """

    order: NotRequired[int]
    derivative: str
    graph: str | None
    symbolic: FormulaObject | None
    equals_symbolic: bool | None
    orders: NotRequired[list[DerivativeFormulaObject]]


class DerivativeObject(TypedDict):
    """What `grad` prints without a point.

    Attributes:
        schema: autodiff.derivative/1.
        expression: the formula.
        wrt: the variables.
        derivatives: variable → its derivative.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.derivative/1"]
    expression: str
    wrt: list[str]
    derivatives: dict[str, DerivativeFormulaObject]
    notes: list[NoteObject]


class FrameObject(TypedDict):
    """A frame of the film of both sweeps.

    Attributes:
        sweep: which one.
        output: with several formulas, the one that the film is at.
        node: the id of the step that it is about.
        text: what happens.
        values: the values known by now, by id.
        tangents: the tangents known by now: id → variable → tangent.
        adjoints: the adjoints so far.
        grad: variable → what its .grad holds; null before it holds anything.
        edge: the step that sends an adjoint and the one that receives it.
    """

    sweep: Literal["forward", "reverse"]
    output: NotRequired[str]
    node: str
    text: str
    values: dict[str, Number]
    tangents: dict[str, dict[str, Number]]
    adjoints: dict[str, Number]
    grad: dict[str, Number | None]
    edge: list[str] | None


class FramesObject(TypedDict):
    """A trace as a film.

    Attributes:
        schema: autodiff.frames/1.
        expression: the formula as typed, or the formulas.
        at: the point.
        wrt: the variables.
        frames: in their order.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.frames/1"]
    expression: str | list[str]
    at: dict[str, Number]
    wrt: list[str]
    frames: list[FrameObject]
    notes: list[NoteObject]


class LessonObject(TypedDict):
    """A lesson.

    Attributes:
        number: its place.
        title: what it is about.
        tasks: how many tasks it has.
        done: how many of them are done.
    """

    number: int
    title: str
    tasks: int
    done: int


class LearnObject(TypedDict):
    """The lessons, and how far a student is.

    Attributes:
        schema: autodiff.learn/1.
        lessons: in their order.
    """

    schema: Literal["autodiff.learn/1"]
    lessons: list[LessonObject]


class FlawObject(TypedDict):
    """What is wrong in a lesson.

    Attributes:
        lesson: its file.
        line: where.
        text: what.
    """

    lesson: str
    line: int
    text: str


class LearnCheckObject(TypedDict):
    """What `learn --check` tried, and what was wrong.

    Attributes:
        schema: autodiff.learn-check/1.
        lessons: how many lessons.
        tasks: how many tasks.
        again: how many tasks come back when they were missed.
        wrong_answers: how many wrong answers are listed.
        diagnosed: how many of them get their diagnosis.
        hints: how many hints.
        commands: how many commands were run.
        flaws: what is wrong.
    """

    schema: Literal["autodiff.learn-check/1"]
    lessons: int
    tasks: int
    again: int
    wrong_answers: int
    diagnosed: int
    hints: int
    commands: int
    flaws: list[FlawObject]
