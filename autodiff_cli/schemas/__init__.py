"""What `--json` prints: a type for each object, and its JSON Schema as a file."""

from __future__ import annotations

from autodiff_cli.schemas.curves import DescendObject, PlotObject
from autodiff_cli.schemas.datasets import ManifestObject
from autodiff_cli.schemas.exercises import CheckObject, MarkObject, WorksheetObject
from autodiff_cli.schemas.gradients import GradObject
from autodiff_cli.schemas.lessons import (
    DerivativeObject,
    ExplainObject,
    FramesObject,
    LearnCheckObject,
    LearnObject,
)
from autodiff_cli.schemas.methods import CompareObject, CountObject
from autodiff_cli.schemas.passes import BackwardObject
from autodiff_cli.schemas.products import (
    HessianObject,
    HvpObject,
    JacobianObject,
    JvpObject,
    VjpObject,
)
from autodiff_cli.schemas.series import TaylorObject
from autodiff_cli.schemas.tables import ExportObject, FunctionsObject
from autodiff_cli.schemas.traces import GraphObject, TraceObject

#: Name of a schema → the object that has it. The file of the same name is its JSON Schema.
OBJECTS = {
    "backward": BackwardObject,
    "check": CheckObject,
    "compare": CompareObject,
    "count": CountObject,
    "derivative": DerivativeObject,
    "descend": DescendObject,
    "explain": ExplainObject,
    "export": ExportObject,
    "frames": FramesObject,
    "functions": FunctionsObject,
    "grad": GradObject,
    "graph": GraphObject,
    "hessian": HessianObject,
    "hvp": HvpObject,
    "jacobian": JacobianObject,
    "jvp": JvpObject,
    "learn": LearnObject,
    "learn-check": LearnCheckObject,
    "manifest": ManifestObject,
    "mark": MarkObject,
    "plot": PlotObject,
    "taylor": TaylorObject,
    "trace": TraceObject,
    "vjp": VjpObject,
    "worksheet": WorksheetObject,
}

__all__ = [
    "OBJECTS",
    "BackwardObject",
    "CheckObject",
    "CompareObject",
    "CountObject",
    "DerivativeObject",
    "DescendObject",
    "ExplainObject",
    "ExportObject",
    "FramesObject",
    "FunctionsObject",
    "GradObject",
    "GraphObject",
    "HessianObject",
    "HvpObject",
    "JacobianObject",
    "JvpObject",
    "LearnCheckObject",
    "LearnObject",
    "ManifestObject",
    "MarkObject",
    "PlotObject",
    "TaylorObject",
    "TraceObject",
    "VjpObject",
    "WorksheetObject",
]
