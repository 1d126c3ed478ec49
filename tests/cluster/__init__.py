"""Data sets done by several processes, with faults on the way: what must come out is known."""
