"""SymPy in a process of its own. Nothing is imported here: the process starts before the rest."""
