"""The list of routes of photonic heat, from which everything else derives."""

import re
from pathlib import Path

import pytest

from subkelvin import DeviceError, preset
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.routes import ROUTES, Form, first_route
from subkelvin.heat.photonic import HEAT_BY

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_every_route_has_a_function_and_falls_back_on_routes_that_can_take_over() -> None:
    assert set(HEAT_BY) == set(ROUTES)
    for route in ROUTES.values():
        for other in (*route.fallbacks, *route.last_resorts):
            assert other != route.name
            assert set(ROUTES[other].forms) & set(route.forms)


def test_every_circuit_has_a_route_and_the_closed_forms_come_first() -> None:
    first = {form: first_route(form).name for form in Form}
    assert first == {
        Form.ONE_POLE: "one-pole",
        Form.LUMPED: "poles",
        Form.SMOOTH: "mesh",
        Form.COMB: "echoes",
        Form.OTHER: "integral",
    }


@pytest.mark.parametrize("route", ["echoes"])
def test_a_route_that_cannot_compute_a_circuit_refuses_it(route: str) -> None:
    with pytest.raises(DeviceError, match=f'{ROUTES[route].needs}, for the route "{route}"'):
        lower_circuit(preset("silver-setup-1"), route)


def test_the_architecture_page_names_every_route() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.search("route", page)
    assert not [name for name in ROUTES if f"`{name}`" not in page]
