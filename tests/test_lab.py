"""The lab: what its tensors do, what they refuse and with which words, and how they look."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autodiff_cli import lab
from autodiff_cli.lab import grad, gradcheck, tensor
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import COMPARISON
from autodiff_cli.ops.shapes import INDEX, RESHAPE, SHAPES

PACKAGE = Path(lab.__file__).parent.parent


def leaf(*numbers):
    return tensor([float(number) for number in numbers], requires_grad=True)


def sampled(row, seed=0):
    """One leaf of three numbers for each operand, inside the row's domain."""
    draw = np.random.default_rng(seed)
    intervals = (row.intervals * row.arity)[: row.arity]
    return [tensor(draw.uniform(low, high, 3), requires_grad=True) for low, high in intervals]


SMOOTH = [
    row for row in OPERATIONS if row.precedence != COMPARISON and row.name not in ("where", "power")
]


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: f"{row.name}{row.arity}")
def test_every_row_has_its_derivative_and_its_second_derivative(row):
    from autodiff_cli.lab.apply import apply

    def function(*operands):
        return apply(row, *operands)

    def slopes(*operands):
        first = grad(function(*operands).sum(), operands, create_graph=True)
        return sum(first[1:], first[0])

    assert gradcheck(function, sampled(row))
    assert gradcheck(slopes, sampled(row), atol=1e-4)


def test_power_has_its_derivatives_by_base_and_exponent():
    def slopes(x, y):
        a, b = grad((x**y).sum(), (x, y), create_graph=True)
        return a + b

    inputs = (leaf(0.7, 1.3), leaf(-1.5, 2.5))
    assert gradcheck(lambda x, y: x**y, inputs)
    assert gradcheck(slopes, inputs, atol=1e-4)


def test_derivatives_of_any_order_of_the_cube():
    x = leaf(2)
    orders = [x**3]
    for _ in range(4):
        orders.append(grad(orders[-1], x, create_graph=True)[0])
    assert [order.item() for order in orders] == [8, 12, 12, 6, 0]


SHAPE_CASES = {
    "reshape": ((6,), lambda a: a.reshape(2, 3)),
    "permute": ((2, 3), lambda a: a.T),
    "sum": ((2, 3), lambda a: a.sum(0)),
    "sum of all, kept": ((2, 3), lambda a: a.sum(keepdim=True)),
    "mean": ((2, 3), lambda a: a.mean(dim=-1)),
    "index": ((2, 3), lambda a: a[:, 1]),
    "index with repeats": ((4,), lambda a: a[[0, 0, 3]]),
    "mask": ((3,), lambda a: a[tensor([True, False, True])]),
    "matrix × vector": ((2, 3), lambda a: a @ tensor([1.0, 2.0, 3.0])),
    "vector × matrix": ((2,), lambda a: a @ tensor([[1.0, 2.0], [3.0, 4.0]])),
    "vector × vector": ((2,), lambda a: a @ a),
    "batch × matrix": ((2, 2, 3), lambda a: a @ tensor(np.arange(12.0).reshape(3, 4))),
    "matrix × batch": ((3, 4), lambda a: tensor(np.arange(12.0).reshape(2, 2, 3)) @ a),
    "broadcast": ((3,), lambda a: a * tensor([[1.0], [2.0]])),
    "broadcast of a number": ((), lambda a: a * tensor([1.0, 2.0])),
    "broadcast within a batch": ((3, 1), lambda a: a * tensor(np.arange(24.0).reshape(2, 3, 4))),
    "one number by its index": ((2, 3), lambda a: a[1, 2] * a[0]),
    "batch × vector": ((2, 2, 3), lambda a: a @ tensor([1.0, 2.0, 3.0])),
    "vector × batch": ((2,), lambda a: a @ tensor(np.arange(12.0).reshape(2, 2, 3))),
}


@pytest.mark.parametrize("name", SHAPE_CASES)
def test_shape_operations_have_their_derivatives_twice(name):
    shape, function = SHAPE_CASES[name]
    numbers = np.random.default_rng(1).normal(size=shape)

    def slopes(a):
        return grad((function(a) ** 3).sum(), a, create_graph=True)[0]

    assert gradcheck(function, tensor(numbers, requires_grad=True))
    assert gradcheck(slopes, tensor(numbers, requires_grad=True), atol=1e-4)


MAPS = {
    "reshape": ((6,), {"shape": (2, 3)}),
    "permute": ((2, 3, 4), {"axes": (2, 0, 1)}),
    "expand": ((1, 3), {"shape": (2, 2, 3)}),
    "sum_to": ((2, 2, 3), {"shape": (1, 3)}),
    "sum": ((2, 3), {"axis": (0,), "keepdim": False}),
    "mean": ((2, 3), {"axis": -1, "keepdim": True}),
    "scale": ((3,), {"factor": 2.5}),
    "convert": ((3,), {"dtype": np.dtype(np.float64)}),
    "index": ((4, 3), {"key": (np.array([0, 0, 2]), slice(1, None))}),
    "scatter": ((3, 2), {"key": (np.array([0, 0, 2]), slice(1, None)), "shape": (4, 3)}),
    "erase": ((4,), {"path": ((INDEX, {"key": slice(1, 3)}),)}),
    "put": ((2, 4), {"path": ((INDEX, {"key": 1}), (RESHAPE, {"shape": (2, 2)}),
                              (INDEX, {"key": (slice(None), 1)}))}),
    "cat": ((2, 3), {"axis": 1}),
    "flip": ((2, 3), {"axis": (1,)}),
    "cumsum": ((2, 3), {"axis": 1}),
    "einsum": ((2, 3), {"letters": ("ij", "jk", "ki")}),
    "matmul": ((2, 3), {}),
}  # fmt: skip
SECOND = {"put": (2,), "matmul": (3, 4), "einsum": (3, 4), "cat": (2, 2)}


@pytest.mark.parametrize("row", SHAPES, ids=lambda row: row.name)
def test_a_transpose_is_the_transpose(row):
    """⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for numbers drawn at random, in each operand."""
    from autodiff_cli.lab.edges import carry_out
    from autodiff_cli.ops.shapes import Place

    shape, parameters = MAPS[row.name]
    draw = np.random.default_rng(2)
    second = SECOND.get(row.name)
    operands = [draw.normal(size=shape)] + ([draw.normal(size=second)] if second else [])
    place = Place(
        tuple(x.shape for x in operands), np.dtype(float), parameters,
        dict(zip("ab", operands, strict=False)),
    )  # fmt: skip
    for position in range(len(operands)):
        transpose = row.transpose(position)
        alone = [x if k == position else 0 * x for k, x in enumerate(operands)]
        image = row.value(*(operands if row.keeps[0] else alone), **parameters)
        adjoint = draw.normal(size=image.shape)
        back = transpose(carry_out, adjoint, place)
        assert back.shape == operands[position].shape
        assert np.sum(image * adjoint) == pytest.approx(np.sum(operands[position] * back))


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x, array: 2 * x, [2, 2]),
        (lambda x, array: x * 2, [2, 2]),
        (lambda x, array: array * x, [3, 5]),
        (lambda x, array: x * array, [3, 5]),
        (lambda x, array: array - x, [-1, -1]),
        (lambda x, array: np.float64(3) / x, [-3, -0.75]),
        (lambda x, array: array @ x, [3, 5]),
        (lambda x, array: np.exp(x) * 0 + np.sin(x), [np.cos(1), np.cos(2)]),
        (lambda x, array: 2**x, [2 * np.log(2), 4 * np.log(2)]),
    ],
)
def test_numbers_and_arrays_stand_on_either_side(function, expected):
    x = leaf(1, 2)
    function(x, np.array([3.0, 5.0])).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-15)


def test_changing_an_array_afterwards_does_not_change_what_was_saved():
    x, array = leaf(1, 2), np.array([3.0, 5.0])
    z = (array * x).sum()
    array[:] = 0
    z.backward()
    assert x.grad.tolist() == [3, 5]


@pytest.mark.parametrize(
    ("function", "point", "first", "second"),
    [
        (lambda x: lab.sqrt(lab.relu(x)), -1, 0, 0),
        (lambda x: lab.where(x > 0, x**2, 0), 0, 0, 0),
        (lambda x: x**0, 0, 0, 0),
        (lambda x: lab.abs(x), 0, 0, 0),
        (lambda x: lab.max(x, 0 * x), 0, 0.5, 0),
    ],
)
def test_a_blocked_edge_stays_blocked_when_differentiated_again(function, point, first, second):
    x = leaf(point)
    (slope,) = grad(function(x), x, create_graph=True)
    assert slope.item() == first
    if slope.requires_grad:
        (bend,) = grad(slope, x, allow_unused=True)
        assert bend is None or bend.item() == second


def twice(function, *, retain=False):
    x = leaf(1, 2)
    z = function(x).sum()
    z.backward(retain_graph=retain)
    z.backward()
    return x.grad.tolist()


@pytest.mark.parametrize(
    "function", [lambda x: x + x, lambda x: x - 3, lambda x: -x, lambda x: x.reshape(2, 1)]
)
def test_where_nothing_is_saved_backward_runs_twice(function):
    once = leaf(1, 2)
    function(once).sum().backward()
    assert twice(function) == [2 * slope for slope in once.grad.tolist()]


@pytest.mark.parametrize(
    ("function", "saved"),
    [
        (lambda x: 8 * x, "multiply saves its first operand"),
        (lambda x: x / 2, "divide saves its second operand"),
        (lambda x: lab.sin(x), "sin saves its operand"),
        (lambda x: lab.exp(x), "exp saves its result"),
        (lambda x: x * x, "multiply saves its operands"),
        (lambda x: 2**x, "power saves its operands and its result"),
        (lambda x: x[[0, 1]], "index saves its index"),
        (lambda x: x.reshape(1, 2)[[0, 0], [0, 1]], "index saves its index"),
    ],
)
def test_where_values_are_saved_the_second_backward_names_them(function, saved):
    with pytest.raises(RuntimeError, match=r"second backward.*freed") as error:
        twice(function)
    assert saved in str(error.value)
    assert "write backward(retain_graph=True) the first time" in str(error.value)
    assert twice(function, retain=True)


def test_a_plain_slice_saves_nothing_and_may_be_differentiated_twice():
    for part in (lambda x: x[0], lambda x: x[1:], lambda x: x.reshape(1, 2)[..., 0], lambda x: +x):
        assert twice(part) == twice(part, retain=True)


def changed(change):
    x = leaf(1, 2)
    y = 1 * x
    z = (y * y).sum()
    change(x, y)
    z.backward()


def assign(tensor, key, value):
    tensor[key] = value


@pytest.mark.parametrize(
    "change",
    [
        lambda x, y: y.zero_(),
        lambda x, y: y.data.zero_(),
        lambda x, y: y.detach().mul_(2),
        lambda x, y: y.__iadd__(1),
        lambda x, y: assign(y, 0, 5),
        lambda x, y: setattr(y, "data", [3.0, 4.0]),
    ],
)
def test_a_change_in_place_of_a_saved_value_is_noticed(change):
    with pytest.raises(RuntimeError, match=r"changed in place: multiply saved .*\(2,\).* once"):
        changed(change)


def test_a_change_in_place_of_what_nobody_saved_is_differentiated():
    x = leaf(1, 2)
    y = x + 0
    y *= 3
    y[0] = 7 * x[1]
    y += x
    y.sum().backward()
    assert y.tolist() == [15, 8]
    assert x.grad.tolist() == [1, 11]


def test_a_refused_backward_changes_no_gradient():
    x, y = leaf(1), leaf(2)
    z = (x * y) + (x + y)
    z.backward()
    with pytest.raises(RuntimeError):
        z.backward()
    assert (x.grad.item(), y.grad.item()) == (3, 2)


REFUSED = {
    "integers that require grad": (
        lambda: tensor([1, 2], requires_grad=True), r"whole numbers.*int64.*tensor\(\[4\.0\]\)"),
    "no seed": (lambda: (2 * leaf(1, 2)).backward(), r"shape \(2,\) needs a seed"),
    "seed of another shape": (
        lambda: (2 * leaf(1, 2)).backward(lab.ones(3)), r"\(3,\).*\(2,\).*write ones\(\(2,\)\)"),
    "nothing requires grad": (lambda: tensor([1.0]).backward(), "requires_grad=True"),
    "a leaf changed in place": (lambda: leaf(1).add_(1), "no_grad"),
    "a part of a leaf changed in place": (lambda: leaf(1, 2)[0].add_(1), "a part of a leaf"),
    "one of several parts changed in place": (
        lambda: (2 * leaf(1, 2)).unbind()[0].add_(1), "write into the whole"),
    "an input that is not used": (lambda: grad(leaf(1) * 2, leaf(1)), "allow_unused"),
    "numpy of a recorded tensor": (lambda: leaf(1).numpy(), "detach"),
    "item of two numbers": (lambda: leaf(1, 2).item(), "not one number"),
    "shapes that do not fit": (lambda: leaf(1, 2) * leaf(1, 2, 3), r"\(2,\) and \(3,\)"),
    "matrices that do not fit": (lambda: lab.ones(2, 3) @ lab.ones(2, 3), "last axis"),
    "reshape to another count": (lambda: leaf(1, 2).reshape(3), r"count.*\(3,\)"),
    "mean of integers": (lambda: tensor([1, 2]).mean(), "double"),
    "a list as an operand": (lambda: lab.sin([1.0]), r"tensor\(…\)"),
    "too many operands": (lambda: lab.sin(1.0, 2.0), "takes 1 operands, not 2"),
    "lists of unequal length": (lambda: tensor([[1], [2, 3]]), "equal length"),
    "text": (lambda: tensor("a"), "holds numbers"),
    "a gradient of another shape": (lambda: setattr(leaf(1), "grad", lab.ones(2)), "shape"),
    "a wrong gradient": (
        lambda: gradcheck(lambda x: x.detach() * x, leaf(2)), "2 by backward and 4 by differences"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_said(name):
    attempt, words = REFUSED[name]
    with pytest.raises(RuntimeError, match=words) as error:
        attempt()
    assert isinstance(error.value, ValueError)


def test_gradients_add_up_in_the_same_memory_until_they_are_zeroed():
    x = leaf(3)
    assert x.grad is None
    (x * x).backward()
    kept = x.grad
    (x * x).backward()
    assert x.grad is kept
    assert kept.item() == 12
    x.zero_grad()
    assert kept.item() == 0
    x.grad = None
    x.zero_grad()
    assert x.grad is None


def test_create_graph_makes_a_gradient_that_can_be_differentiated():
    x = leaf(2)
    (x**3).backward(create_graph=True)
    assert (x.grad.item(), x.grad.requires_grad) == (12, True)
    assert grad(x.grad, x)[0].item() == 12


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "function", [lambda x: x.reshape(2, 1), lambda x: x + 0, lambda x: x.sum(0, keepdim=True)]
)
def test_a_gradient_has_memory_of_its_own(function, create):
    x = leaf(1, 2)
    z = function(x)
    seed = lab.ones(z.shape)
    z.backward(seed, create_graph=create)
    x.grad.data.zero_()
    assert seed.sum().item() == seed.array.size
    (found,) = grad(function(x), x, seed, create_graph=create)
    found.zero_()
    assert seed.sum().item() == seed.array.size


def test_no_grad_records_nothing_and_lets_a_leaf_be_changed():
    x = leaf(1)
    with lab.no_grad():
        y = 2 * x
        x -= 0.5
    assert (y.requires_grad, x.item(), x.is_leaf) == (False, 0.5, True)
    assert (2 * x).requires_grad
    assert not x.detach().requires_grad


def test_everything_is_float64_unless_float32_is_asked_for(capsys):
    lab.creation._say_float64.cache_clear()
    assert lab.FloatTensor([4]).dtype == lab.FloatTensor([4]).dtype == np.float64
    assert capsys.readouterr().err.count("float64 here") == 1
    small = tensor([1.0, 2.0], dtype=lab.float32, requires_grad=True)
    (2 * lab.sin(small)).sum().backward()
    assert (small.grad.dtype, (small * 2).dtype) == (np.float32, np.float32)
    assert (tensor([1, 2]).dtype, (tensor([1, 2]) / 2).dtype) == (np.int64, np.float64)
    mixed = (small * leaf(1, 2)).sum()
    assert mixed.dtype == np.float64
    assert grad(mixed, small)[0].dtype == np.float32


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda: tensor(3.0), "tensor(3.)"),
        (lambda: tensor([1, 2]), "tensor([1, 2])"),
        (lambda: tensor([0.5, -12.25]), "tensor([  0.5000, -12.2500])"),
        (lambda: tensor([1.0, 1e-5]), "tensor([1.0000e+00, 1.0000e-05])"),
        (lambda: tensor([np.inf, 1.5]), "tensor([   inf, 1.5000])"),
        (lambda: tensor([]), "tensor([])"),
        (lambda: tensor([1.0], dtype=lab.float32), "tensor([1.], dtype=torch.float32)"),
        (lambda: 2 * leaf(1), "tensor([2.], grad_fn=<MulBackward0>)"),
        (lambda: lab.zeros(2, 1), "tensor([[0.],\n        [0.]])"),
        (
            lambda: lab.ones(2000),
            "tensor([1., 1., 1.,  ..., 1., 1., 1.])",
        ),
    ],
)
def test_printing(made, text):
    assert repr(made()) == text


def test_in_jupyter_a_tensor_is_a_table_of_values_and_gradients():
    x = leaf(*range(100))
    (x * x).sum().backward()
    html = x._repr_html_()
    assert "<th>value</th><th>grad</th>" in html
    assert "<td>99</td><td>99.</td><td>198.</td>" in html
    assert "94 rows between" in html
    assert html.count("<tr>") == 8
    assert "SinBackward0" in lab.sin(x)._repr_html_()
    matrix = lab.ones(2, 2)._repr_html_()
    assert "<th>value[0]</th><th>value[1]</th>" in matrix
    deep = lab.sin(tensor(np.ones((1, 1, 1)), requires_grad=True))._repr_html_()
    assert deep.startswith("<pre>tensor(")
    assert "&lt;SinBackward0&gt;" in deep


@pytest.mark.slow
def test_a_chain_of_a_hundred_thousand_steps():
    x = leaf(1)
    z = x
    for _ in range(100_000):
        z = z + 1
    z.backward()
    assert x.grad.item() == 1


def test_numbers_drawn_after_the_same_seed_are_the_same():
    lab.manual_seed(3)
    first = lab.rand(4)
    lab.manual_seed(3)
    assert lab.rand([4]).tolist() == first.tolist()


def test_nothing_but_the_lab_and_the_passes_of_backward_import_the_lab():
    for path in PACKAGE.rglob("*.py"):
        if "lab" not in path.relative_to(PACKAGE).parts:
            text = path.read_text(encoding="utf-8")
            own = ("answers/backward.py", "views/recorded.py")
            assert "autodiff_cli.lab" not in text or str(path.relative_to(PACKAGE)) in own, path
            top = [line for line in text.splitlines() if line.startswith("from")]
            assert not any("answers.backward import" in line for line in top), path
            assert "ops.shapes" not in text, path


def test_the_engine_loads_without_the_lab_and_without_numpy():
    code = (
        "import sys, autodiff_cli.engine.reverse, autodiff_cli.engine.forward; "
        "print([m for m in sys.modules if m == 'numpy' or m.startswith('autodiff_cli.lab')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
