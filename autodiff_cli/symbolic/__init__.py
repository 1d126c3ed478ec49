"""SymPy in a process of its own, under budgets, and the verdict on what it answers.

Nothing is imported here: the process starts before the rest.
"""
