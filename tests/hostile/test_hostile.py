"""The short form of ``make fuzz``: hostile files end in a device or a sentence, and the checks notice what is wrong."""

import random
import time
from types import SimpleNamespace
from typing import Any

import equinox as eqx
import pytest
from tests.hostile import devices, files, laws, netlists, touchstone
from tests.hostile.bounded import Bounds, WrongNumberError, bad_ends, ended
from tests.hostile.structures import BETWEEN, LINKS, MOST_FLOATING, STRUCTURES, structure

from subkelvin import heat_matrix, steady_state
from subkelvin.devicefile import loads
from subkelvin.model import DeviceError


@pytest.mark.parametrize(("generator", "count"), [(files, 400), (netlists, 1500), (touchstone, 1500)])
def test_hostile_text_ends_in_numbers_that_hold_or_in_a_sentence(generator: Any, count: int) -> None:
    tally = generator.run(count, seed=3)
    assert not bad_ends(tally.counts), "\n".join(tally.remarks)
    # Both ends are reached, so that neither a reader that refuses everything nor one that accepts everything would pass.
    assert sum(tally.counts.values()) == count
    assert min(tally.counts["good"], tally.counts["refused"]) > 0.05 * count


def end_of(judge: Any, seconds: float = 0.5) -> str:
    """How a case with this judge ends."""
    return ended(SimpleNamespace(judge=judge), 1, 1, Bounds(seconds))[0]


def raising(error: Exception) -> Any:
    def judge(_: random.Random) -> str:
        raise error

    return judge


def test_every_bad_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import signal

    from tests.hostile.bounded import time_is_up

    before = signal.signal(signal.SIGALRM, time_is_up)
    try:
        assert end_of(lambda _: time.sleep(60.0), seconds=0.05) == "timeout"
    finally:
        signal.signal(signal.SIGALRM, before)
    assert end_of(raising(KeyError("micrometer"))) == "traceback"
    assert end_of(raising(MemoryError())) == "memory"
    assert end_of(raising(WrongNumberError("1 is not 2"))) == "wrong"
    assert end_of(raising(DeviceError("", "is wrong"))) == "refused"
    assert end_of(raising(DeviceError("", f"is {object()!r}"))) == "wrong"
    assert bad_ends({"good": 3, "refused": 4, "timeout": 1, "wrong": 0}) == {"timeout": 1}


def test_a_wrong_number_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(netlists.SCALES, "k", 4)
    ends = [ended(netlists, 3, number, netlists.BOUNDS)[0] for number in range(200)]
    assert "wrong" in ends


def test_random_structures_hold_every_connection_with_every_number_of_islands() -> None:
    made = [structure(number).structure for number in range(STRUCTURES)]
    assert {len(one.floating_islands) for one in made} == set(range(MOST_FLOATING + 1))
    assert len({link.kind for one in made for link in one.links}) == len(LINKS)
    kinds = {element.kind.name for one in made for element in one.elements}
    assert kinds >= {"line", "superconductor", "two-port", "table", "squid", "mutual", "nis", "nin", "resistor"}
    assert {one.name.split(": ")[1].split(",")[0] for one in made} == set(BETWEEN)
    assert {element.dynamic for one in made for element in one.elements if element.kind.two_models} == {True, False}
    asked = {name for number in range(STRUCTURES) for name in devices.questions_of(number)}
    assert asked == set(devices.QUESTIONS)


def test_random_devices_of_one_structure_obey_the_laws() -> None:
    """The structure that compiles fastest; `python -m tests.hostile devices` runs all."""
    numbers = [n for n in range(400) if devices.structure_of(random.Random(f"3/{n}")) == 0]
    ends = [ended(devices, 3, number, devices.BOUNDS) for number in numbers]
    assert len(ends) > 20
    assert {end for end, _ in ends} <= {"good", "refused"}, [remark for _, remark in ends if remark]


def test_a_wrong_heat_is_noticed() -> None:
    device = loads("""
islands.hot.temperature = "100 mK"
islands.cold.temperature = "50 mK"
islands.middle.power = "1 fW"
[elements]
a = { kind = "resistor", nodes = ["n", "ground"], island = "hot", resistance = "50 ohm" }
b = { kind = "resistor", nodes = ["n", "ground"], island = "cold", resistance = "70 ohm" }
c = { kind = "resistor", nodes = ["n", "ground"], island = "middle", resistance = "90 ohm" }
""")
    state = steady_state(device)
    laws.check_balance(device, state)
    laws.check_second_law(device, state)
    off = [watts * (1.0 + 1e-9) if k == 1 else watts for k, watts in enumerate(state.watts)]
    with pytest.raises(WrongNumberError, match="more enter middle"):
        laws.check_balance(device, eqx.tree_at(lambda one: one.watts, state, off))
    backward = [-watts for watts in state.watts]
    with pytest.raises(WrongNumberError, match="uphill"):
        laws.check_second_law(device, eqx.tree_at(lambda one: one.watts, state, backward))
    kelvins = {name: float(kelvin) for name, kelvin in state.temperatures.items()}
    heats = heat_matrix(device, kelvins)
    laws.check_same_heats(device, heats, heat_matrix(device, kelvins, route="integral"))
    exact = 0.0 * heats.error
    wrong = eqx.tree_at(lambda one: (one.heat, one.error), heats, (heats.heat * (1.0 + 1e-9), exact))
    with pytest.raises(WrongNumberError, match="by one-pole"):
        laws.check_same_heats(device, wrong, heats)
