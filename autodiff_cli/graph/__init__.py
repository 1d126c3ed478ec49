"""The computation graph: its constants, its columns and builder, how it is printed."""

from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph, Node

__all__ = ["CONSTANT", "VARIABLE", "Builder", "Constant", "Graph", "Node"]
