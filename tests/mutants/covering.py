"""Which tests are asked about a mutant: those that reach its module's lines, measured by coverage.

The likeliest and quickest come first, since the first failure ends the run. Files that start many
processes, or wait for SymPy's budget, are left out where quicker ones reach the same lines.
"""

from __future__ import annotations

#: The beginning of a file's path → test files, or one test of a file; the longest holds.
TESTS = {
    "engine/rules.py": "table gradient_graph explanations engine export verdicts_at_kinks",
    "ops/": "table printer::test_latex explanations gradient_graph engine export graph "
    "verdicts_at_kinks",
    "ops/row.py": "table graph explanations export engine symbolic_table",
    "ops/shapes.py": "lab notebook backward",
    "graph/": "graph printer language",
    "engine/": "engine table gradient_graph higher",
    "notes/": "explanations verdicts_at_kinks",
    "engine/arrays.py": "engine table api higher points counting compiled",
    "engine/composition.py": "count",
    "engine/cost.py": "higher count",
    "notes/counting.py": "counting compiled",
    "notes/departures.py": "explanations verdicts_at_kinks counting startup",
    "notes/explanations.py": "explanations verdicts_at_kinks",
    "engine/forward.py": "engine higher api table products",
    "engine/gradient_graph.py": "gradient_graph higher compiled export",
    "engine/higher.py": "higher api products",
    "engine/linearise.py": "engine gradient_graph higher table compiled startup",
    "engine/rounding.py": "rounding judging",
    "notes/remedies.py": "explanations verdicts_at_kinks",
    "engine/reverse.py": "engine api points higher lab backward",
    "notes/sides.py": "explanations verdicts_at_kinks",
    "language/": "language statements latex fuzz printer",
    "language/tokens.py": "language values arguments fuzz printer payloads",
    "graph/printer.py": "graph explanations export jupyter printer",
}

#: Parts of the names of tests that are left out: they try size, and others reach the same lines.
SLOW = ("depth_and_length", "hundred_thousand", "do_not_take_long", "memory")


def tests_of(file: str) -> tuple[str, ...]:
    """Return the test files for a module, whose path is as in the package."""
    longest = max((beginning for beginning in TESTS if file.startswith(beginning)), key=len)
    names = (name.partition("::") for name in TESTS[longest].split())
    return tuple(f"test_{module}.py{colons}{test}" for module, colons, test in names)
