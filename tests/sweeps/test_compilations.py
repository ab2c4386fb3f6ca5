"""One compilation per shape: counted by JAX's own monitoring events."""

import dataclasses

import jax.monitoring
import numpy as np

from subkelvin import Device, preset, steady_state, sweep


def renamed(device: Device, old: str, new: str) -> Device:
    """The same device with an island under another name."""
    structure = device.structure
    islands = tuple(dataclasses.replace(i, name=new if i.name == old else i.name) for i in structure.islands)
    elements = tuple(dataclasses.replace(e, island=new if e.island == old else e.island) for e in structure.elements)
    values = {path.replace(f"islands.{old}.", f"islands.{new}."): value for path, value in device.values.items()}
    return Device(values, dataclasses.replace(structure, islands=islands, elements=elements), device.provenance)


def test_the_counter_counts(compilations: list[str]) -> None:
    jax.jit(lambda x: x * 3.14159 + 1.0)(1.0)
    assert compilations


def test_renaming_an_island_compiles_nothing(compilations: list[str]) -> None:
    device = preset("silver-setup-1")
    first = steady_state(device)
    compilations.clear()
    second = steady_state(renamed(device, "left", "hot"))
    assert not compilations
    assert float(second.temperatures["hot"]) == float(first.temperatures["left"])


def test_other_values_compile_nothing(compilations: list[str]) -> None:
    device = preset("silver-setup-1")
    steady_state(device)
    compilations.clear()
    steady_state(device.replace({"superconductors.Al.critical_temperature": 1.3, "elements.left.area": 3e-12}))
    assert not compilations


def test_a_sweep_compiles_once(compilations: list[str]) -> None:
    device = preset("silver-setup-1")
    axes = {
        "islands.left.power": np.geomspace(1e-15, 1e-12, 5),
        "islands.right.temperature": np.linspace(0.06, 0.5, 150),
    }
    compilations.clear()
    sweep(device, axes)
    assert len(compilations) == 1
    compilations.clear()
    sweep(device, {**axes, "islands.left.power": np.geomspace(2e-15, 2e-12, 5)})
    assert not compilations
