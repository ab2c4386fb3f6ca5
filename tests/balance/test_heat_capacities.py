"""Heat capacities of floating islands: sums over parts, and what is not known."""

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import Device, preset
from subkelvin.balance.network.heat_capacities import lower_heat_capacities, missing_heat_capacities
from subkelvin.devicefile import loads
from subkelvin.physics.heat_capacity import superconducting_entropy

SILVER, ALUMINIUM = 63.0, 135.0
"""Sommerfeld coefficients of the preset's materials [J/(m³ K²)]."""
SILVER_VOLUME, ALUMINIUM_VOLUME = 6e-21, 3e-21
TWO_ISLANDS = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[metals.X]
electron_phonon = "0.5e9 W m^-3 K^-5"
[islands.bath]
temperature = "50 mK"
[islands.known]
phonons = "bath"
parts = [{ material = "Ag", volume = "0.006 um^3" }, { material = "Ag", volume = "0.002 um^3" }]
[islands.unknown]
phonons = "bath"
parts = [{ material = "Ag", volume = "0.006 um^3" }, { material = "X", volume = "0.006 um^3" }]
"""


def test_normal_and_superconducting_parts_add() -> None:
    capacities = lower_heat_capacities(preset("silver-setup-1"))
    temperature = 0.4
    step = 1e-4 * temperature
    # T dS/dT by a central difference of the entropy, which shares no formula with the heat capacity but the gap; its error is
    # of order (step/T)² = 1e-8.
    low, high = (
        float(superconducting_entropy(temperature + s, 1.2, ALUMINIUM, ALUMINIUM_VOLUME)) for s in (-step, step)
    )
    expected = SILVER * SILVER_VOLUME * temperature + temperature * (high - low) / (2.0 * step)
    np.testing.assert_allclose(capacities.at(jnp.array([temperature])), [expected], rtol=1e-7)


def test_what_is_unknown_of_one_island_says_nothing_about_another() -> None:
    device = loads(TWO_ISLANDS)
    capacity = np.asarray(lower_heat_capacities(device).at(jnp.array([0.1, 0.1])))
    assert capacity[0] == pytest.approx(SILVER * 8e-21 * 0.1, rel=1e-14)
    assert np.isnan(capacity[1])
    assert missing_heat_capacities(device) == ("metals.X.sommerfeld",)
    assert missing_heat_capacities(preset("silver-setup-1")) == ()


def test_an_island_without_parts_has_an_unknown_heat_capacity() -> None:
    device = preset("silver-setup-1")
    islands = tuple(
        dataclasses.replace(island, parts=()) if island.name == "left" else island
        for island in device.structure.islands
    )
    bare = Device(device.values, dataclasses.replace(device.structure, islands=islands))
    assert missing_heat_capacities(bare) == ("islands.left.parts",)
    assert np.isnan(lower_heat_capacities(bare).at(jnp.array([0.1])))[0]


def test_a_swept_volume_keeps_its_axis() -> None:
    volumes = np.array([1e-21, 2e-21, 4e-21])
    capacities = lower_heat_capacities(preset("silver-setup-1").replace({"islands.left.parts.0.volume": volumes}))
    assert capacities.normal_volume.shape == (3, 1)
