"""What a framework hides, shown: the recorded graph, its table, each operation as it happens."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from autodiff_cli import lab
from autodiff_cli.lab import nn
from tests.cells import picture


def cubic(x):
    return lab.pow(x, 3) + 2 * lab.pow(x, 2) + 8 * x


def test_a_recorded_graph_is_drawn_as_the_formulas_graph_is():
    x = lab.tensor([4.0], requires_grad=True)
    drawn = str(cubic(x).graph(x=x))
    assert "w2 = w1³" in drawn
    assert "w4 = 2·w3" in drawn
    assert "w1 = x" in drawn
    html = picture(cubic(x).graph()._repr_html_())
    assert html.startswith("<svg")
    assert "w2 = w1³" in html
    assert ">72<" in html or "[72]" in html


def test_a_recorded_trace_has_shapes_and_adjoints_and_what_is_saved():
    x = lab.tensor([4.0], requires_grad=True)
    z = cubic(x)
    shown = z.trace(x=x)
    record = shown.record
    assert [node.shape for node in record.nodes] == [(1,)] * 7
    assert record.nodes[0].adjoint.tolist() == [72]
    assert record.nodes[-1].value.tolist() == [128]
    rows = str(shown).splitlines()
    assert rows[1].split() == ["w1", "x", "given", "1", "[4]", "[72]"]
    assert "its first operand" in rows[4]
    assert "<td>72" not in shown._repr_html_()
    assert "<td>[72]</td>" in shown._repr_html_()
    assert x.grad is None  # looking changes nothing
    z.backward()
    assert "freed" in str(z.trace())
    assert z.trace().record.nodes[0].adjoint is None


def test_a_networks_graph_has_its_layers_shapes_and_maps():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    images = lab.ones(5, 3)
    loss = nn.functional.mse_loss(net(images), lab.zeros(5, 2))
    shown = loss.trace(images=images, W=net[0].weight)
    record = shown.record
    shapes = {node.maker: node.shape for node in record.nodes}
    assert shapes["ReluBackward0"] == (5, 4)
    assert shapes["MeanBackward0"] == ()
    text = str(shown)
    assert "5×4" in picture(loss.graph()._repr_html_())
    assert "images" in text
    assert "relu(" in text
    assert "@" in text
    assert "- constant" in text  # the target was not kept, for its rule does not need it


def test_a_user_text_stays_text_in_html():
    x = lab.tensor([1.0], requires_grad=True)
    html = (x * 2).trace(**{"<b>": x})._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_nothing_recorded_is_said():
    with pytest.raises(lab.LabError, match="nothing was recorded"):
        lab.ones(3).graph()


def watched(function):
    stream = io.StringIO()
    with lab.watch(stream):
        function()
    lab.sin(lab.ones(1))
    return stream.getvalue().splitlines()


def test_each_operation_is_printed_forward_and_backward_with_its_rule():
    x = lab.tensor(2.0, requires_grad=True)
    lines = watched(lambda: (3 * lab.sin(x)).backward())
    assert lines == [
        "forward   sin         2 → 0.909297",
        "forward   multiply    3, 0.909297 → 2.72789",
        "backward  multiply    to b: 1 · (a) → 3",
        "backward  sin         3 · (cos(a)) → -1.24844",
    ]


def test_watching_names_maps_hooks_and_functions_of_ones_own():
    class Double(lab.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            return a * 2

        @staticmethod
        def backward(ctx, gradient):
            return gradient * 2

    def program():
        y = Double.apply(lab.ones(6, requires_grad=True)).reshape(2, 3)
        y.register_hook(lambda gradient: gradient * 10)
        y.sum(0)[0].backward()

    text = "\n".join(watched(program))
    assert "forward   sum         (2, 3), axis=(0,) → [4., 4., 4.]" in text
    assert "backward  sum         [1., 0., 0.] transposed → (2, 3)" in text
    assert "backward  hook        (2, 3) → (2, 3)" in text
    assert "backward  Double" in text


def test_watching_ends_when_it_is_told_to():
    stream = io.StringIO()
    watching = lab.watch(stream)
    lab.ones(1) + 1
    watching.stop()
    lab.ones(1) + 2
    assert stream.getvalue() == "forward   add         [1.], 1 → [2.]\n"


@pytest.mark.parametrize("line", ["from autodiff_cli import lab", "import autodiff_cli.lab as lab"])
def test_the_drawing_is_there_however_the_lab_is_imported(line):
    code = f"{line}\nx = lab.tensor([1.], requires_grad=True)\nprint((x * 2).graph())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("w2 = w1·2")
