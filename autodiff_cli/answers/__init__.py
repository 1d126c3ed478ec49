"""One file a kind of answer: its frozen type, the function that finds it, SymPy beside.

Nothing here is text of a format: formulas are printed on demand in the renderer's notation. One
file for each kind of answer, so that a command loads its own: making a tuple's class takes time.
"""
