"""Every kind of link: laws, derivatives, limits; devices of islands that links join; a kind of the user's own."""

import functools
import itertools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from subkelvin import Device, SteadyState, preset, report, steady_state, sweep
from subkelvin.balance.network import heat_flows, lower
from subkelvin.balance.solve import compiled_solve
from subkelvin.balance.status import Status
from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE, LORENZ_NUMBER
from subkelvin.devicefile import loads, preset_text
from subkelvin.heat.links import LINK_KINDS
from subkelvin.heat.paths import internal_paths
from subkelvin.model.link_kind import LinkKind
from subkelvin.physics.superconductor import Superconductors, interpolated_gap
from subkelvin.physics.tunnel_current import charge_current, heat_current_into_superconductor

CRITICAL_TEMPERATURE = 1.2
GAP = 1.764 * BOLTZMANN * CRITICAL_TEMPERATURE
RESISTANCE = 1e3

NUMBERS: dict[str, dict[str, float]] = {
    "nis-tunnel": {"resistance": RESISTANCE, "junctions": 2.0, "voltage": 3e-4, "returned": 0.05},
    "sis-tunnel": {"resistance": RESISTANCE, "phase": 0.3},
    "normal-wire": {"resistance": RESISTANCE},
    "superconducting-wire": {"resistance": RESISTANCE},
    "kapitza": {"coefficient": 200.0, "area": 1e-12},
    "power-law": {"coefficient": 1e-11, "coefficient_exponent": 3.5},
}
TEMPERATURES = [0.02, 0.05, 0.1, 0.2, 0.3]
"""[K], below 0.3 T_c: there the gaps are constant, and no gap that closes can make heat fall as its source warms."""
BLOCK = 64
BUILT_IN = list(LINK_KINDS.values())
KIND_IDS = list(LINK_KINDS)


def values_of(kind: LinkKind, critical_temperature: float = CRITICAL_TEMPERATURE, **changes: float) -> dict[str, Any]:
    """Numbers and superconductors of one link."""
    superconductor = Superconductors(jnp.asarray(critical_temperature), jnp.asarray(1e-3), jnp.asarray(False))
    return {**NUMBERS[kind.name], **dict.fromkeys(kind.superconductors, superconductor), **changes}


def without_bias(kind: LinkKind) -> dict[str, Any]:
    return values_of(kind, **({"voltage": 0.0} if "voltage" in kind.numbers else {}))


@functools.cache
def compiled(kind: LinkKind) -> Any:
    """Watts along every way, compiled once."""
    return jax.jit(lambda first, second, values: jnp.stack(kind.flows((first, second), values)))


def watts(kind: LinkKind, first: Any, second: Any, values: dict[str, Any]) -> np.ndarray:
    """Watts along every way, shape (ways, links), in blocks of one size."""
    flat = [np.ravel(x) for x in np.broadcast_arrays(first, second)]
    padded = [np.pad(x, (0, -x.size % BLOCK), mode="edge") for x in flat]
    blocks = [
        compiled(kind)(*(x[start : start + BLOCK] for x in padded), values) for start in range(0, padded[0].size, BLOCK)
    ]
    shape = np.broadcast_shapes(np.shape(first), np.shape(second))
    return np.concatenate(blocks, axis=-1)[:, : flat[0].size].reshape(len(kind.ways), *shape)


def arriving(kind: LinkKind, end: str) -> np.ndarray:
    """What each way brings to one end: +1 if it ends there, −1 if it begins there."""
    return np.array([float(way.target == end) - float(way.source == end) for way in kind.ways])


def test_every_kind_has_numbers_here() -> None:
    assert set(NUMBERS) == {kind.name for kind in BUILT_IN}
    for kind in BUILT_IN:
        assert set(NUMBERS[kind.name]) == set(kind.numbers)


@pytest.mark.parametrize("kind", BUILT_IN, ids=KIND_IDS)
def test_nothing_flows_at_equal_temperatures_without_bias(kind: LinkKind) -> None:
    temperatures = np.array([1e-3, *TEMPERATURES, 0.9, 1.5])
    assert (watts(kind, temperatures, temperatures, without_bias(kind)) == 0.0).all()


@pytest.mark.parametrize("kind", BUILT_IN, ids=KIND_IDS)
def test_heat_flows_from_hot_to_cold_without_bias(kind: LinkKind) -> None:
    pairs = np.array([(a, b) for a, b in itertools.permutations([*TEMPERATURES, 0.8, 1.1, 1.5], 2)])
    flows = watts(kind, pairs[:, 0], pairs[:, 1], without_bias(kind))
    leaving = -arriving(kind, "from") @ flows
    assert (np.sign(leaving) == np.sign(pairs[:, 0] - pairs[:, 1])).all()


@pytest.mark.parametrize("kind", BUILT_IN, ids=KIND_IDS)
def test_the_islands_receive_the_work_of_the_sources(kind: LinkKind) -> None:
    pairs = np.array(list(itertools.product(TEMPERATURES, TEMPERATURES)))
    flows = watts(kind, pairs[:, 0], pairs[:, 1], values_of(kind))
    received = (arriving(kind, "from") + arriving(kind, "to")) @ flows
    work = np.zeros(len(pairs))
    if "voltage" in kind.numbers:
        superconductor = values_of(kind)["superconductor"]
        gaps = interpolated_gap(pairs[:, 1], CRITICAL_TEMPERATURE)
        voltage = NUMBERS[kind.name]["voltage"] / 2.0
        work = 2.0 * voltage * np.asarray(
            charge_current(pairs[:, 0], pairs[:, 1], voltage, gaps, superconductor.broadening, RESISTANCE)
        )  # fmt: skip
        assert (work > 0.0).all()
    np.testing.assert_allclose(received, work, rtol=1e-10, atol=1e-12 * np.abs(flows).max())


@pytest.mark.parametrize("kind", BUILT_IN, ids=KIND_IDS)
def test_heat_rises_with_the_warmer_side_and_falls_with_the_other(kind: LinkKind) -> None:
    rising = np.linspace(0.02, 0.34, BLOCK)
    for other in (0.02, 0.1, 0.3):
        forward, backward = (
            watts(kind, first, second, without_bias(kind))[0] for first, second in ((rising, other), (other, rising))
        )
        # Warmer than the other side, the rising side decides; colder, it may matter less than rounding, as e^{−Δ/k_BT} does.
        warmer = rising[1:] > other
        assert (np.diff(forward)[warmer] > 0.0).all()
        assert (np.diff(backward)[warmer] < 0.0).all()
        if kind.name == "sis-tunnel":
            continue  # a colder gap that falls towards that of the warmer side lets more heat through
        assert (np.diff(forward) >= -1e-13 * np.abs(forward[1:])).all()
        assert (np.diff(backward) <= 1e-13 * np.abs(backward[1:])).all()


@pytest.mark.parametrize("kind", BUILT_IN, ids=KIND_IDS)
def test_derivatives_agree_with_central_differences(kind: LinkKind) -> None:
    values = values_of(kind)
    superconductors = {key: value for key, value in values.items() if key in kind.superconductors}

    def flows(numbers: dict[str, jax.Array]) -> jax.Array:
        given = dict(numbers)
        first, second, critical = given.pop("first"), given.pop("second"), given.pop("critical_temperature")
        own = {key: Superconductors(critical, one.dynes, one.gap_equation) for key, one in superconductors.items()}
        return jnp.stack([jnp.broadcast_to(way, ()) for way in kind.flows((first, second), {**given, **own})])

    at = {"first": 0.45, "second": 0.2, "critical_temperature": 1.2, **NUMBERS[kind.name]}
    point = {key: jnp.asarray(value) for key, value in at.items()}
    at_point = jax.jit(flows)
    forward, reverse = jax.jit(lambda x: (jax.jacfwd(flows)(x), jax.jacrev(flows)(x)))(point)
    for key, value in at.items():
        step = 1e-5 * value
        ends = [at_point({**point, key: jnp.asarray(value + sign * step)}) for sign in (1.0, -1.0)]
        difference = (ends[0] - ends[1]) / (2.0 * step)
        # The difference errs by the third derivative, (1e-5)² times up to (Δ/k_BT)³, and by rounding over 1e-5.
        scale = 1e-9 * float(jnp.abs(at_point(point)).max()) / value
        np.testing.assert_allclose(forward[key], difference, rtol=1e-6, atol=scale, err_msg=key)
        np.testing.assert_allclose(reverse[key], forward[key], rtol=1e-10, atol=1e-4 * scale, err_msg=key)


@pytest.mark.parametrize("kind", BUILT_IN, ids=KIND_IDS)
def test_many_links_at_once_are_each_alone(kind: LinkKind) -> None:
    first, second = np.array([0.1, 0.4, 0.9]), np.array([0.3, 0.2, 0.1])
    values = values_of(kind)
    together = watts(kind, first, second, values)
    alone = np.stack([watts(kind, a, b, values) for a, b in zip(first, second, strict=True)], axis=-1)
    vmapped = jax.jit(jax.vmap(lambda a, b: jnp.stack(kind.flows((a, b), values)), out_axes=1))(first, second)
    np.testing.assert_allclose(together, alone, rtol=1e-13)
    np.testing.assert_allclose(vmapped, alone, rtol=1e-13)


@pytest.mark.parametrize(
    "kind", [kind for kind in BUILT_IN if "resistance" in kind.numbers], ids=lambda kind: kind.name
)
def test_without_superconductivity_it_is_wiedemann_franz(kind: LinkKind) -> None:
    values = {**without_bias(kind), **values_of(kind, 0.0, **({"voltage": 0.0} if "voltage" in kind.numbers else {}))}
    junctions = NUMBERS[kind.name].get("junctions", 1.0)
    expected = 0.5 * LORENZ_NUMBER * (0.5**2 - 0.1**2) * junctions / RESISTANCE
    assert watts(kind, 0.5, 0.1, values)[0] == pytest.approx(expected, rel=1e-11)


def test_a_nis_link_puts_into_the_superconductor_what_the_junctions_do() -> None:
    kind = LINK_KINDS["nis-tunnel"]
    values = values_of(kind)
    flows = watts(kind, 0.15, 0.3, values)
    into = 2.0 * float(
        heat_current_into_superconductor(
            0.15, 0.3, 1.5e-4, interpolated_gap(0.3, 1.2), values["superconductor"].broadening, RESISTANCE
        )
    )
    assert flows[0] + flows[1] == pytest.approx(into, rel=1e-11)
    assert flows[2] == pytest.approx(0.05 * into, rel=1e-11)
    assert arriving(kind, "to") @ flows == pytest.approx(0.95 * into, rel=1e-11)


HEAD = """
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-6
gap_model = "interpolated"
electron_phonon = "0.3e9 W m^-3 K^-5"
[metals.Cu]
electron_phonon = "2e9 W m^-3 K^-5"
"""

COOLER = (
    HEAD
    + """
[islands.normal]
temperature = "300 mK"
[islands.superconducting]
temperature = "300 mK"
[links.junction]
kind = "nis-tunnel"
from = "normal"
to = "superconducting"
superconductor = "Al"
resistance = "1 kohm"
"""
)


@pytest.fixture(scope="module")
def cooler() -> Device:
    return loads(COOLER)


@pytest.fixture(scope="module")
def cooling(cooler: Device) -> Any:
    """Heat that leaves the normal island [W], of temperature and bias."""

    @jax.jit
    def flow(temperature: jax.Array, voltage: jax.Array) -> jax.Array:
        changed = {f"islands.{name}.temperature": temperature for name in ("normal", "superconducting")}
        device = cooler.replace({**changed, "links.junction.voltage": voltage})
        return steady_state(device).heat("normal", "superconducting", "nis-tunnel")

    return flow


@pytest.mark.parametrize(
    ("reduced_temperature", "reduced_heat", "reduced_voltage"),
    [(0.1, 0.008374, 0.9639), (0.3, 0.043356, 0.8906), (0.44, 0.056494, 0.8198)],
)
def test_a_device_cools_as_a_nis_junction_at_its_best_bias(
    cooling: Any, reduced_temperature: float, reduced_heat: float, reduced_voltage: float
) -> None:
    temperature, gap_voltage = reduced_temperature * CRITICAL_TEMPERATURE, GAP / ELEMENTARY_CHARGE
    best = minimize_scalar(
        lambda v: -float(cooling(temperature, v * gap_voltage)),
        bounds=(0.5, 1.1),
        method="bounded",
        options={"xatol": 1e-7},
    )
    # Both published to the last digit shown.
    assert -best.fun * RESISTANCE / gap_voltage**2 == pytest.approx(reduced_heat, abs=5.1e-7)
    assert best.x == pytest.approx(reduced_voltage, abs=1e-4)


CHAIN = (
    HEAD
    + """
[islands.bath]
temperature = "50 mK"
[islands.source]
power = "2 pW"
parasitic_power = "0.1 fW"
[islands.normal]
phonons = "film"
parts = [{ material = "Cu", volume = "0.02 um^3" }]
[islands.superconducting]
phonons = "film"
parts = [{ material = "Al", volume = "0.05 um^3" }]
[islands.film]
[islands.cold]
temperature = "40 mK"
[links.heater-wire]
kind = "normal-wire"
from = "source"
to = "superconducting"
resistance = "2 kohm"
[links.cooler]
kind = "nis-tunnel"
from = "normal"
to = "superconducting"
superconductor = "Al"
resistance = "1 kohm"
junctions = 2
voltage = "300 uV"
returned = 0.02
[links.lead]
kind = "superconducting-wire"
from = "superconducting"
to = "bath"
superconductor = "Al"
resistance = "10 ohm"
[links.junction]
kind = "sis-tunnel"
from = "superconducting"
to = "cold"
superconductor_from = "Al"
superconductor_to = "Al"
resistance = "500 ohm"
phase = 0.5
[links.strap]
kind = "normal-wire"
from = "cold"
to = "bath"
resistance = "10 kohm"
[links.boundary]
kind = "kapitza"
from = "film"
to = "bath"
coefficient = "300 W m^-2 K^-4"
area = "1 um^2"
[links.legs]
kind = "power-law"
from = "film"
to = "cold"
coefficient = "1e-12 W K^-3"
"""
)


@pytest.fixture(scope="module")
def chain() -> Device:
    return loads(CHAIN)


@pytest.fixture(scope="module")
def state(chain: Device) -> SteadyState:
    return steady_state(chain)


def net_inflow(state: SteadyState, island: str) -> float:
    """The sum of all entries of an island, power and parasitic load included [W]."""
    return sum(
        float(watt) * (float(path.target == island) - float(path.source == island))
        for path, watt in zip(state.paths, state.watts, strict=True)
    )


def test_every_island_of_a_device_with_all_kinds_of_links_is_in_balance(chain: Device, state: SteadyState) -> None:
    assert int(state.status) == Status.CONVERGED
    assert {path.kind for path in state.paths} >= {*NUMBERS, "bias", "returned", "electron-phonon", "power", "holding"}
    assert len(chain.structure.floating_islands) == 4
    largest = max(abs(float(watt)) for watt in state.watts)
    for island in chain.structure.islands:
        assert abs(net_inflow(state, island.name)) < 1e-12 * largest, island.name
    assert state.temperatures["film"] > 0.05
    assert state.temperatures["source"] > state.temperatures["superconducting"]


def test_all_that_enters_from_outside_leaves_again(state: SteadyState) -> None:
    entering = [float(w) for path, w in zip(state.paths, state.watts, strict=True) if path.source is None]
    assert abs(sum(entering)) < 1e-12 * max(map(abs, entering))
    assert float(state.heat(None, "superconducting", "bias")) > 0.0


def test_the_path_of_a_link_is_the_link_computed_alone(state: SteadyState) -> None:
    temperatures = {name: float(value) for name, value in state.temperatures.items()}
    film, bath, cold = (temperatures[name] for name in ("film", "bath", "cold"))
    assert state.heat("film", "bath", "kapitza") == pytest.approx(300e-12 * (film**4 - bath**4), rel=1e-12)
    assert state.heat("film", "cold", "power-law") == pytest.approx(1e-12 * (film**3 - cold**3), rel=1e-12)
    assert state.heat("cold", "bath", "normal-wire") == pytest.approx(
        0.5 * LORENZ_NUMBER * (cold**2 - bath**2) / 1e4, rel=1e-12
    )


def test_a_floating_phonon_island_is_between_its_electrons_and_the_bath() -> None:
    """Two couplings in series, each a power law: the phonons' temperature has a closed form."""
    device = loads(
        HEAD
        + """
[islands.bath]
temperature = "50 mK"
[islands.phonons]
[islands.electrons]
power = "1 pW"
phonons = "phonons"
parts = [{ material = "Cu", volume = "0.02 um^3" }]
[links.boundary]
kind = "kapitza"
from = "phonons"
to = "bath"
coefficient = "300 W m^-2 K^-4"
area = "2 um^2"
"""
    )
    state = steady_state(device)
    phonons = (0.05**4 + 1e-12 / 600e-12) ** 0.25
    electrons = (phonons**5 + 1e-12 / (2e9 * 0.02e-18)) ** 0.2
    assert state.temperatures["phonons"] == pytest.approx(phonons, rel=1e-12)
    assert state.temperatures["electrons"] == pytest.approx(electrons, rel=1e-12)


def test_a_temperature_answers_to_the_numbers_of_links_as_its_derivatives_say() -> None:
    device = preset("leivo-1996")
    paths = ["voltage", "returned", "resistance"]

    def copper(values: jax.Array) -> jax.Array:
        changed = {f"links.junctions.{path}": value for path, value in zip(paths, values, strict=True)}
        return compiled_solve(lower(device.replace(changed))).temperatures[0]

    at = jnp.array([330e-6, 0.02, 1e3])
    slope, at_point = jax.jit(jax.grad(copper))(at), jax.jit(copper)
    for index, path in enumerate(paths):
        step = 1e-5 * at[index]
        difference = (at_point(at.at[index].add(step)) - at_point(at.at[index].add(-step))) / (2.0 * step)
        assert slope[index] == pytest.approx(float(difference), rel=1e-6), path


def test_a_sweep_over_a_link_is_each_point_alone() -> None:
    device = preset("leivo-1996")
    voltages = np.array([0.0, 300e-6, 350e-6])
    data = sweep(device, {"links.junctions.voltage": voltages})
    for index, voltage in enumerate(voltages):
        alone = steady_state(device.replace({"links.junctions.voltage": float(voltage)}))
        assert float(data["temperature"].sel(island="copper")[index]) == pytest.approx(
            float(alone.temperatures["copper"]), rel=1e-13
        )


def test_a_device_without_links_has_nothing_of_them_in_compiled_code() -> None:
    network = lower(preset("silver-setup-1"))
    assert network.floating_links == network.held_links == ()


def test_an_island_is_not_heated_above_the_superconductors_of_its_links(cooler: Device, chain: Device) -> None:
    ceilings = dict(zip([i.name for i in chain.structure.floating_islands], lower(chain).ceiling, strict=True))
    assert ceilings == {"source": math.inf, "normal": math.inf, "superconducting": 1.2, "film": math.inf}


def test_links_between_held_islands_are_reported(cooler: Device) -> None:
    state = steady_state(cooler.replace({"links.junction.voltage": 180e-6}))
    taken = float(state.heat("normal", "superconducting", "nis-tunnel"))
    assert taken > 0.0
    assert state.holding_power("normal") == pytest.approx(taken, rel=1e-14)
    work = float(state.heat(None, "superconducting", "bias"))
    assert state.holding_power("superconducting") == pytest.approx(-taken - work, rel=1e-14)


def test_flows_at_given_temperatures_are_those_of_the_steady_state(chain: Device) -> None:
    network = lower(chain)
    solution = compiled_solve(network)
    flows, _ = heat_flows(network, solution.temperatures)
    np.testing.assert_allclose(flows, solution.watts, rtol=1e-12, atol=1e-30)


# The paper's left reservoir in two parts.


def test_the_parts_of_the_papers_reservoir_have_almost_one_temperature() -> None:
    """The silver is 0.07 mK colder than the aluminium at 489 mK, and 5 µK colder than one temperature for both says."""
    split, whole = steady_state(preset("silver-split")), steady_state(preset("silver-setup-1"))
    normal, superconducting = (float(split.temperatures[f"left-{part}"]) for part in ("normal", "superconducting"))
    assert 5e-5 < superconducting - normal < 9e-5
    assert abs(normal - float(whole.temperatures["left"])) < 1e-5


def test_well_joined_parts_have_the_one_temperature_of_the_whole() -> None:
    device = loads(preset_split_with('superconductor = "Al"\nresistance = "1 mohm"\njunctions = 2'))
    state, whole = steady_state(device), steady_state(preset("silver-setup-1"))
    assert int(state.status) == Status.CONVERGED
    for part in ("normal", "superconducting"):
        # 100 fW over G = 6e-7 W/K.
        assert float(state.temperatures[f"left-{part}"]) == pytest.approx(float(whole.temperatures["left"]), rel=1e-6)
    assert state.heat("left-normal", "right", "photon") == pytest.approx(
        float(whole.heat("left", "right", "photon")), rel=1e-5
    )


def preset_split_with(numbers: str) -> str:
    """The preset with the link's own numbers instead of those of the element."""
    text = preset_text("silver-split")
    assert text.count('element = "left"') == 1
    return text.replace('element = "left"', numbers)


def test_an_element_brings_its_own_numbers() -> None:
    own = loads(preset_split_with('superconductor = "Al"\nresistance = "10 ohm"\njunctions = 2'))
    borrowed, given = steady_state(preset("silver-split")), steady_state(own)
    for name, temperature in borrowed.temperatures.items():
        assert float(temperature) == pytest.approx(float(given.temperatures[name]), rel=1e-13)
    # One number: a change of the junctions' area changes the link as well.
    larger = preset("silver-split").replace({"elements.left.area": 2e-12})
    (link,) = lower(larger).floating_links
    assert link.numbers["resistance"] == pytest.approx([5.0])


# The cooler of Leivo, Pekola and Averin.


def test_the_ideal_cooling_power_of_leivo_1996_is_above_the_measured_one() -> None:
    device = preset("leivo-1996").hold({"copper": 0.3})

    @jax.jit
    def taken(voltage: jax.Array) -> jax.Array:
        return steady_state(device.replace({"links.junctions.voltage": voltage})).heat(
            "copper", "aluminium", "nis-tunnel"
        )

    power = max(float(taken(v)) for v in np.linspace(300e-6, 360e-6, 61))
    assert power == pytest.approx(2.2e-12, rel=0.03)
    assert power > 1.5e-12


def test_leivo_1996_cools_from_300_to_about_100_millikelvin() -> None:
    device = preset("leivo-1996")
    voltages = np.array([0.0, *np.linspace(330e-6, 360e-6, 13), 400e-6])
    temperatures = sweep(device, {"links.junctions.voltage": voltages})["temperature"].sel(island="copper").to_numpy()
    assert temperatures[0] == pytest.approx(0.3, rel=1e-12)
    assert temperatures.min() == pytest.approx(0.1, abs=5e-3)
    best = voltages[temperatures.argmin()]
    # Somewhat below the gap of both junctions together.
    assert 0.9 < best * ELEMENTARY_CHARGE / (2.0 * 1.764 * BOLTZMANN * 1.2) < 1.0
    assert temperatures[-1] > 0.3


def test_checks_know_of_links() -> None:
    cooler = {check.name: check for check in report(preset("leivo-1996")).checks}
    # The superconductors of links are broadened as well: γ × 3 changes the cooling by a per mille or more.
    change = cooler["dynes-robustness.copper"].value
    assert change is not None
    assert 1e-4 < change < 0.1
    split = report(preset("silver-split"))
    # Two islands that a link joins are not assumed to have one temperature; the right reservoir still is.
    assert [name for name in (c.name for c in split.checks) if name.startswith("one-temp")] == ["one-temperature.right"]


def test_the_network_knows_which_paths_are_electron_phonon_ones(chain: Device) -> None:
    for device in (chain, preset("silver-split"), preset("leivo-1996")):
        kinds = [path.kind for path in internal_paths(device.structure)]
        assert list(lower(device).electron_phonon_paths) == [kind == "electron-phonon" for kind in kinds]


@pytest.mark.parametrize(
    ("name", "island"), [("leivo-1996", "copper"), pytest.param("silver-split", "left-normal", marks=pytest.mark.slow)]
)
def test_every_value_of_a_preset_with_links_has_a_derivative(name: str, island: str) -> None:
    device = preset(name)

    def temperature(values: dict[str, Any]) -> jax.Array:
        return steady_state(Device(values, device.structure)).temperatures[island]

    gradient = jax.grad(temperature)(dict(device.values))
    assert all(np.isfinite(float(slope)) for slope in gradient.values())
