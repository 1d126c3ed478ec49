"""Random numbers of NumPy's generator: the same seed gives other numbers than in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.axes import sizes
from autodiff_cli.lab.creation import made
from autodiff_cli.lab.dtypes import default_type
from autodiff_cli.lab.errors import LabUnsupportedError

# Drawing numbers is the one thing here that has a state of its own; manual_seed starts it anew.
_source = {"generator": np.random.default_rng()}


def generator() -> np.random.Generator:
    """Return the source of all random numbers of the lab."""
    return _source["generator"]


def manual_seed(seed: int) -> None:
    """Start the random numbers anew: after the same seed come the same numbers."""
    _source["generator"] = np.random.default_rng(seed)


def _draw(name: str, words: str, draw: Any) -> Any:
    def create(
        *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False
    ) -> Any:
        array = np.asarray(draw(generator(), sizes(size)), default_type())
        return made(array, dtype, requires_grad)

    create.__name__ = name
    create.__doc__ = f"Return random numbers, {words}."
    return create


rand = _draw("rand", "uniform in [0, 1)", lambda source, size: source.random(size))
randn = _draw(
    "randn", "normal with mean 0 and deviation 1",
    lambda source, size: source.standard_normal(size),
)  # fmt: skip


def rand_like(x: Any, *, dtype: Any = None, requires_grad: bool = False) -> Any:
    """Return random numbers, uniform in [0, 1), in a tensor's shape and type."""
    return rand(x.array.shape, dtype=dtype or _with_point(x), requires_grad=requires_grad)


def randn_like(x: Any, *, dtype: Any = None, requires_grad: bool = False) -> Any:
    """Return random numbers, normal, in a tensor's shape and type."""
    return randn(x.array.shape, dtype=dtype or _with_point(x), requires_grad=requires_grad)


def _with_point(x: Any) -> Any:
    if x.array.dtype.kind != "f":
        raise LabUnsupportedError("random numbers have a point", mend="write dtype=float64")
    return x.dtype


def randint(low: int, high: Any = None, size: Any = None, *, dtype: Any = None) -> Any:
    """Return random whole numbers from low (0) up to high, without it."""
    if size is None:
        low, high, size = 0, low, high
    return made(generator().integers(low, high, tuple(size)), dtype)


def randperm(n: int) -> Any:
    """Return the whole numbers below n in random order."""
    return made(generator().permutation(n))


def normal(mean: Any, std: Any = 1.0, size: Any = None) -> Any:
    """Return random numbers, normal, with a mean and a deviation."""
    centre, width = (getattr(each, "array", each) for each in (mean, std))
    return made(np.asarray(generator().normal(centre, width, size), default_type()))


def bernoulli(x: Any) -> Any:
    """Return 1 with the probability that each number is, else 0."""
    return x.make((generator().random(x.array.shape) < x.array).astype(x.array.dtype))


def multinomial(x: Any, num_samples: int, replacement: bool = False) -> Any:
    """Return places drawn with probabilities in the ratio of a vector's numbers."""
    shares = x.array / x.array.sum()
    return made(generator().choice(len(shares), num_samples, replacement, shares))


def uniform_(x: Any, a: float = 0.0, b: float = 1.0) -> Any:
    """Write random numbers, uniform in [a, b), into a tensor."""
    return x.copy_(made(generator().uniform(a, b, x.array.shape)))


def normal_(x: Any, mean: float = 0.0, std: float = 1.0) -> Any:
    """Write random numbers, normal, into a tensor."""
    return x.copy_(made(generator().normal(mean, std, x.array.shape)))


METHODS = (uniform_, normal_)
FUNCTIONS = (
    manual_seed, rand, randn, rand_like, randn_like, randint, randperm, normal, bernoulli,
    multinomial,
)  # fmt: skip
