"""Derivations by the hundred: every line held against the sweep, the last one against SymPy's."""
