"""Products of vectors and matrices: the table's `matmul` and `einsum` under PyTorch's names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.reductions import sum
from autodiff_cli.lab.shaping import expand, permute, reshape, unsqueeze
from autodiff_cli.ops import ADD, MULTIPLY
from autodiff_cli.ops.shapes import EINSUM, INDEX, MATMUL


def matmul(a: Any, b: Any) -> Any:
    """Return the matrix product a @ b; a vector is a row on the left, a column on the right."""
    return apply(MATMUL, a, b)


def _product(name: str, axes: tuple[int, int], words: str) -> Any:
    def function(a: Any, b: Any) -> Any:
        if (a.array.ndim, b.array.ndim) != axes:
            raise LabError(
                f"{name} takes {words}, not shapes {a.array.shape} and {b.array.shape}",
                mend="write matmul, which takes any",
            )
        return apply(MATMUL, a, b)

    function.__name__ = name
    function.__doc__ = f"Return the product of {words}."
    return function


mm = _product("mm", (2, 2), "two matrices")
mv = _product("mv", (2, 1), "a matrix and a vector")
bmm = _product("bmm", (3, 3), "two batches of matrices")
dot = _product("dot", (1, 1), "two vectors")


def outer(a: Any, b: Any) -> Any:
    """Return the matrix of all products of two vectors' numbers."""
    if a.array.ndim != 1 or b.array.ndim != 1:
        raise LabError(f"outer takes two vectors, not {a.array.shape} and {b.array.shape}")
    return apply(MULTIPLY, unsqueeze(a, 1), unsqueeze(b, 0))


def addmm(x: Any, a: Any, b: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """Return beta·x + alpha·(a @ b)."""
    product = mm(a, b)
    product = product if alpha == 1 else apply(MULTIPLY, product, alpha)
    return apply(ADD, x if beta == 1 else apply(MULTIPLY, x, beta), product)


def einsum(equation: str, *operands: Any) -> Any:
    """Return sums of products along named axes.

    Args:
        equation: as "ij,jk->ik": a letter for each axis; after -> those of the result, in order.
            Without -> the letters that occur once, in the order of the alphabet.
        operands: the tensors; they are multiplied from the left, two at a time.

    Raises:
        LabError: letters and axes do not go together.
    """
    tensors = list(operands[0]) if isinstance(operands[0], (list, tuple)) else list(operands)
    before, arrow, result = equation.replace(" ", "").partition("->")
    terms = before.split(",")
    if len(terms) != len(tensors):
        raise LabError(f"einsum: {len(terms)} terms for {len(tensors)} tensors")
    terms, result = _spelled(terms, result if arrow else None, tensors)
    for term, x in zip(terms, tensors, strict=True):
        if len(term) != x.array.ndim:
            raise LabError(
                f"einsum: {len(term)} letters '{term}' for a tensor of shape {x.array.shape}",
                mend="write one letter for each axis",
            )
    unknown = set(result) - set("".join(terms))
    if unknown or len(set(result)) < len(result):
        raise LabError(f"einsum: the result '{result}' names letters of the terms, each once")
    term, total = _plain(terms[0], tensors[0], result + "".join(terms[1:]))
    for k, (other, x) in enumerate(zip(terms[1:], tensors[1:], strict=True), 2):
        later = result + "".join(terms[k:])
        other, x = _plain(other, x, term + later)
        term, total = _plain(term, total, other + later)
        kept = "".join(dict.fromkeys(a for a in term + other if a in later))
        term, total = kept, _contracted(total, x, (term, other, kept))
    return permute(total, [term.index(letter) for letter in result]) if result else total


def _contracted(a: Any, b: Any, letters: tuple[str, str, str]) -> Any:
    try:
        return apply(EINSUM, a, b, letters=letters)
    except LabError as error:
        raise LabError(
            f"einsum: a letter of {letters[0]},{letters[1]} stands for axes of different lengths: "
            f"{a.array.shape} and {b.array.shape}"
        ) from error


def _spelled(terms: list[str], result: str | None, tensors: list[Any]) -> tuple[list[str], str]:
    """Return the terms with capital letters for what … stands for, and the result."""
    free = [chr(k) for k in range(ord("A"), ord("Z") + 1) if chr(k) not in "".join(terms)]
    most = max(
        [x.array.ndim - len(term) + 3 for term, x in zip(terms, tensors, strict=True)
         if "..." in term], default=0,
    )  # fmt: skip
    names = "".join(free[:most])
    spelled = [
        term.replace("...", names[most - (x.array.ndim - len(term) + 3) :])
        for term, x in zip(terms, tensors, strict=True)
    ]
    if result is None:
        every = "".join(spelled)
        once = sorted(a for a in set(every) if every.count(a) == 1 and a not in names)
        return spelled, names + "".join(once)
    return spelled, result.replace("...", names)


def _plain(term: str, x: Any, elsewhere: str) -> tuple[str, Any]:
    """Return a term whose letters each stand once, and in another place too.

    A letter that stands twice takes the diagonal; one that stands nowhere else is summed out.
    """
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            rest = [k for k in range(len(term)) if k not in (first, second)]
            turned = permute(x, [first, second, *rest])
            places = np.arange(turned.array.shape[0])
            x = apply(INDEX, turned, key=(places, places))
            term = letter + "".join(term[k] for k in rest)
    alone = [k for k, letter in enumerate(term) if letter not in elsewhere]
    if alone:
        x = sum(x, alone)
        term = "".join(letter for letter in term if letter in elsewhere)
    return term, x


def kron(a: Any, b: Any) -> Any:
    """Return the Kronecker product of two matrices."""
    (n, m), (p, q) = a.array.shape, b.array.shape
    wide = apply(MULTIPLY, expand(reshape(a, n, 1, m, 1), n, p, m, q), reshape(b, 1, p, 1, q))
    return reshape(wide, n * p, m * q)


METHODS = (matmul, mm, mv, bmm, dot, outer, addmm)
FUNCTIONS = (einsum, kron)
