"""The code around the assignments: head, docstring, body and return, for each family of languages.

A docstring holds the formula and its derivatives; a comment before an adjoint names the rules.
"""

from __future__ import annotations

import re

from autodiff_cli.export.expressions import Expressions
from autodiff_cli.export.names import Naming
from autodiff_cli.export.program import MANY, SHOWN, Program, Statement
from autodiff_cli.export.targets import Target
from autodiff_cli.ops import VARIABLE, WHERE

_RAISES = (
    "Where a number is infinite, undefined or beyond float64 on the way, Python raises",
    "ZeroDivisionError, ValueError or OverflowError; autodiff computes on with inf or nan.",
)
_REMARKS = {
    "numpy": ("Numbers or arrays of one shape, float64; one value and slope for each point.",),
    "torch": ("Numbers or tensors of one shape, float64. Nothing here needs autograd.",),
    "jax": (
        "Numbers or arrays of one shape. For float64, first run",
        'jax.config.update("jax_enable_x64", True); JAX computes in float32 otherwise.',
    ),
    "sympy": ("Numbers, or expressions: value_and_gradient() with symbols gives formulas.",),
}
_ARRAYS = {
    "numpy": "np.asarray({0}, dtype=float)",
    "torch": "torch.as_tensor({0}, dtype=torch.float64)",
    "jax": "jnp.asarray({0}, dtype=float)",
}
_FILLED = {
    "numpy": "np.full_like({1}, {0})",
    "torch": "torch.full_like({1}, {0})",
    "jax": "jnp.full_like({1}, {0})",
}


_NAME = re.compile(r"\w+")


class Layout:
    """One program in one language.

    Args:
        program: what to write.
        target: the language.
        naming: the variables' names in it.
    """

    def __init__(self, program: Program, target: Target, naming: Naming) -> None:
        self.program, self.target, self.naming = program, target, naming
        self.functions: dict[str, str] = {}
        guarded = WHERE in program.graph.operations  # both sides are computed: neither may raise
        self.code = Expressions(program.graph, program.names, target, self.functions, ieee=guarded)
        self.guarded = guarded
        self.last = max((statement.node for statement in program.values), default=-1)
        self.inputs = [naming.variables.get(name, name) for name in program.inputs]
        self.name = "value_and_gradient" if program.mode == "reverse" else "value_and_tangent"

    def about(self) -> list[str]:
        """Return the docstring's lines: what it returns, the formula, the derivatives, remarks."""
        program, called = self.program, self.program.called
        listed = [text for name, text in self._slopes()]
        if program.mode == "reverse":
            many = len(program.wrt) > SHOWN
            what = ", ".join(name for name, _ in program.slopes[: 3 if many else SHOWN])
            what += f", … ({len(program.wrt)} in all)" if many else ""
            lines = [f"Return the value of {called} and its gradient, ({what}), by reverse mode."]
        else:
            lines = [
                f"Return the value of {called} and its tangent along a direction, by forward mode."
            ]
        lines += ["", f"{called} = {program.formula or 'too long to write in one line: see below'}"]
        lines += listed + (["…"] if len(program.wrt) > SHOWN else [])
        if program.mode == "forward" and self.guarded:
            lines += ["", "A tangent that a choice blocks goes on as 0, and 0 times inf is nan."]
        remarks = list(_REMARKS.get(self.target.name, ()))
        if self.target.name == "python" and not self.guarded:
            remarks = list(_RAISES)
        remarks += self.naming.notes
        return lines + ([""] if remarks else []) + remarks

    def _slopes(self) -> list[tuple[str, str]]:
        upper = f"∂{self.program.called}/"
        return [
            (name, f"{name.replace('∂/', upper) if name.startswith('∂/') else name} = {text}")
            for name, text in self.program.slopes
            if text
        ]

    def body(self, declared: str = "", end: str = "") -> tuple[list[str], list[str]]:
        """Return the assignments of the values and of the derivatives, without dead ones.

        Args:
            declared: stands before the first assignment to a name.
            end: stands after every assignment.
        """
        parts: tuple[list[str], list[str]] = ([], [])
        used = set(_NAME.findall(" ".join(self.results())))
        for statement in reversed([*self.program.values, *self.program.derivatives]):
            if statement.name not in used:
                continue
            lines = self._assignment(statement, declared, end)
            used.update(_NAME.findall(" ".join(lines)))
            if statement.comment:
                close = " */" if self.target.comment == "/* " else ""
                lines.insert(0, f"{self.target.comment}{statement.comment}{close}")
            parts[statement.node > self.last].extend(reversed(lines))
        return parts[0][::-1], parts[1][::-1]

    def _assignment(self, statement: Statement, declared: str, end: str) -> list[str]:
        """Return one assignment; a long sum is made in parts."""
        name = statement.name
        if self.program.graph.operations[statement.node] is VARIABLE:
            given = self.inputs[statement.node]
            return [f"{declared}{name} = {_ARRAYS.get(self.target.name, '{0}').format(given)}{end}"]
        terms = self.code.terms(statement.node)
        lines = [f"{declared}{name} = {' + '.join(terms[:MANY])}{end}"]
        for start in range(MANY, len(terms), MANY):
            part = " + ".join([name, *terms[start : start + MANY]])
            lines.append(f"{name} = {part}{end}")
        return lines

    def results(self) -> list[str]:
        """Return the outputs as expressions: the value, then the derivatives."""
        graph = self.program.graph
        filled = _FILLED.get(self.target.name)
        texts = []
        for output in graph.outputs:
            text = self.code.number(output)
            if filled and not graph.dependent[output] and graph.dependent[graph.outputs[0]]:
                text = filled.format(text, self.program.names[graph.outputs[0]])
            texts.append(text)
        return texts


def python(program: Program, target: Target, naming: Naming) -> str:
    """Return a module of Python: plain, NumPy, torch, JAX or SymPy."""
    layout = Layout(program, target, naming)
    values, derivatives = layout.body()
    value, *slopes = layout.results()
    if program.mode == "reverse":
        slopes = [f"({', '.join(slopes)}{',' if len(slopes) == 1 else ''})"]
    given = layout.inputs
    if target.name == "sympy":
        given = [f'{name}=sympy.Symbol("{name}", real=True)' for name in given]
    about = layout.about()
    body = ['"""' + about[0], *about[1:], '"""', *values]
    if derivatives:
        title = "adjoints, from the result back" if program.mode == "reverse" else "tangents"
        body += ["", f"# {title}", *derivatives]
    body.append(f"return {value}, {slopes[0]}")
    head = [f"def {layout.name}({', '.join(given)}):", *_indented(body, "    ")]
    if target.name == "numpy":
        head.insert(0, '@np.errstate(all="ignore")')
    sources = list(layout.functions.values())
    text = "\n".join(head)
    pieces = "".join(f"{source}\n\n" for source in sources)
    imports = [*target.imports]
    if target.name != "python" and "math." in pieces + text:
        imports.insert(0, "import math")
    used = [line for line in imports if line != "import jax" or "jax." in (pieces + text)]
    used = [line for line in used if line != "import math" or "math." in pieces + text]
    return "\n".join(used) + ("\n\n\n" if used else "") + pieces + text + "\n"


def c(program: Program, target: Target, naming: Naming) -> str:
    """Return a C99 file: functions that C lacks, then the function."""
    layout = Layout(program, target, naming)
    values, derivatives = layout.body("double ", ";")
    value, *slopes = layout.results()
    given = [f"double {name}" for name in layout.inputs]
    body = [*values, *([""] if derivatives else []), *derivatives]
    if program.mode == "forward":
        given.append("double *tangent")
        body.append(f"*tangent = {slopes[0]};")
    elif slopes:
        given.append(f"double gradient[{len(slopes)}]")
        body += [f"gradient[{place}] = {slope};" for place, slope in enumerate(slopes)]
    body.append(f"return {value};")
    about = layout.about()
    head = ["/* " + about[0], *[f" * {line}".rstrip() for line in about[1:]], " */"]
    function = [f"double {layout.name}({', '.join(given) or 'void'})", "{"]
    code = [*head, *function, *_indented(body, "    "), "}"]
    pieces = "".join(f"{source}\n" for source in layout.functions.values())
    return "\n".join([*target.imports, "", pieces + "\n".join(code)]) + "\n"


def javascript(program: Program, target: Target, naming: Naming) -> str:
    """Return a script of JavaScript: the function answers [value, gradient or tangent]."""
    layout = Layout(program, target, naming)
    values, derivatives = layout.body("let ", ";")
    value, *slopes = layout.results()
    answer = f"[{', '.join(slopes)}]" if program.mode == "reverse" else slopes[0]
    body = [*values, *([""] if derivatives else []), *derivatives, f"return [{value}, {answer}];"]
    about = layout.about()
    head = ["/**", *[f" * {line}".rstrip() for line in about], " */"]
    function = f"function {layout.name}({', '.join(layout.inputs)}) {{"
    body = [_constant(line, body) for line in body]
    code = [*head, function, *_indented(body, "  "), "}"]
    pieces = "".join(f"{source}\n" for source in layout.functions.values())
    return pieces + "\n".join(code) + "\n"


def _constant(line: str, body: list[str]) -> str:
    """Declare with const what is assigned once: only long sums are assigned again."""
    name = line.split(" ", 2)[1] if line.startswith("let ") else ""
    return line if not name or f"{name} = {name} + " in "\n".join(body) else f"const {line[4:]}"


def _indented(lines: list[str], indent: str) -> list[str]:
    return [f"{indent}{line}" if line else "" for line in lines]
