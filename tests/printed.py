"""The notebook's printed inputs, from samples/, and their slopes from outside this program."""

from __future__ import annotations

import csv
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"


def columns(name: str) -> list[list[float]]:
    """Return the columns of a sample."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [[float(cell) for cell in column] for column in zip(*rows, strict=True)]


(SINE,) = columns("sin-inputs.csv")
(TANH,) = columns("tanh-inputs.csv")
MATRIX = [list(row) for row in zip(*columns("xy-inputs.csv"), strict=True)]

# Computed in float64 with PyTorch 2.13 and SymPy 1.14.
SINE_SLOPES = [
    0.80132752, 0.42040926, 0.08710051, 0.68185555, 0.89538557, 0.89623001, -0.80138294,
    0.29675839, -0.84879587, 0.89988089,
]  # fmt: skip
TANH_SLOPES = [
    0.98976810, 0.81116087, 0.57614818, 0.70874855, 0.50857334, 0.92537120, 0.42285928,
    0.83915860, 0.89005611, 0.43498122,
]  # fmt: skip
MATRIX_SLOPES = [
    (0.92992580, 0.37638970), (0.96069944, 0.35460944), (-0.78269805, 0.02730762),
    (-0.57802284, -0.98479738), (0.88336610, -0.39942447), (-0.84619496, -0.99493330),
    (0.52982680, 0.84842945), (-0.24031367, -0.52803837), (0.42504448, 0.97877804),
    (0.93596726, 0.01219602),
]  # fmt: skip
