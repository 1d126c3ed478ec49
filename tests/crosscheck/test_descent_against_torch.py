"""Gradient descent takes the very steps of PyTorch's optimisers."""

from __future__ import annotations

import pytest

from autodiff_cli.answers.descend import descend
from autodiff_cli.answers.stepping import Plan
from autodiff_cli.language.parser import read

torch = pytest.importorskip("torch")

#: Formula → the same for PyTorch, and the start.
FORMULAS = {
    "(1-x)^2 + 100(y-x^2)^2": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "exp(x) - 2x + y^4": (lambda x, y: torch.exp(x) - 2 * x + y**4, (1.0, 0.5)),
    "sin(x)*cos(y)": (lambda x, y: torch.sin(x) * torch.cos(y), (0.3, 0.4)),
    "abs(x) + sigmoid(x*y)": (lambda x, y: abs(x) + torch.sigmoid(x * y), (0.2, -1.0)),
}

PLANS = [
    Plan(rate=0.001, steps=40),
    Plan(rate=0.001, steps=40, momentum=0.9),
    Plan(rate=0.05, steps=40, adam=True),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.method)
@pytest.mark.parametrize("formula", FORMULAS)
def test_every_step_is_pytorchs(formula: str, plan: Plan) -> None:
    function, start = FORMULAS[formula]
    x, y = (torch.tensor(at, dtype=torch.float64, requires_grad=True) for at in start)
    optimizer = (
        torch.optim.Adam([x, y], lr=plan.rate)
        if plan.adam
        else torch.optim.SGD([x, y], lr=plan.rate, momentum=plan.momentum)
    )
    found = descend(formula, read([formula]).graph, [dict(zip("xy", start, strict=True))], plan)
    for row in found.descents[0].rows:
        assert (row.at["x"], row.at["y"]) == pytest.approx((x.item(), y.item()), rel=1e-11)
        optimizer.zero_grad()
        loss = function(x, y)
        loss.backward()
        assert row.value == pytest.approx(loss.item(), rel=1e-11)
        optimizer.step()
