"""Heat currents of a 20-node network of three terminals: the package against scikit-rf and SAX with quadrature, in one run.

All compute the heat between three resistors that a ladder of inductors and capacitors with a resonator joins, to 1e-8. The rivals
compute scattering parameters and integrate |S_ij|² over frequency, in two ways: by SciPy's adaptive `quad_vec`, as a user would
who knows nothing of the network; and as one sum over all frequencies of a mesh that is found beforehand, outside their clock,
and is no finer than 1e-8 needs, which favours them. Each rival runs in an environment of its own, made with pip under
.cache/benchmarks/ if missing. Prints times and ratios; no ratio without agreement to 1e-8. Usage: python benchmarks/circuits.py
"""

import itertools
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 6.62607015e-34 / (2.0 * np.pi)
TEMPERATURES = {"hot": 0.3, "cold": 0.1, "between": 0.2}
RESISTANCES = {"hot": 60.0, "cold": 150.0, "between": 400.0}
CELLS, MIDDLE = 18, 9
INDUCTANCE = np.linspace(0.2e-9, 0.5e-9, CELLS)
CAPACITANCE = np.linspace(60e-15, 25e-15, CELLS)
RESONATOR_INDUCTANCE, RESONATOR_CAPACITANCE = 1.5e-9, 40e-15
PAIRS = (("hot", "cold"), ("hot", "between"), ("cold", "between"))
REFERENCE = 50.0
WANTED = 1e-8
REPETITIONS, BATCH = 31, 256
CACHE = Path(__file__).parents[1] / ".cache" / "benchmarks"
RIVALS = {"scikit-rf": ["scikit-rf>=2", "scipy"], "sax": ["sax>=0.15"]}


def device_text() -> str:
    """The network as a device file: nodes n0 to n18 and the resonator's x; resistors at n0, n18 and n9."""
    lines = [f'islands.{name}.temperature = "{temperature} K"' for name, temperature in TEMPERATURES.items()]
    for name, node in (("hot", 0), ("cold", CELLS), ("between", MIDDLE)):
        lines.append(
            f'elements.{name} = {{kind = "resistor", nodes = ["n{node}", "ground"], island = "{name}", '
            f'resistance = "{RESISTANCES[name]} ohm"}}'
        )
    for k in range(CELLS):
        inductance, capacitance = float(INDUCTANCE[k]), float(CAPACITANCE[k])
        lines.append(
            f'elements.l{k} = {{kind = "inductor", nodes = ["n{k}", "n{k + 1}"], inductance = "{inductance!r} H"}}'
        )
        lines.append(
            f'elements.c{k} = {{kind = "capacitor", nodes = ["n{k + 1}", "ground"], capacitance = "{capacitance!r} F"}}'
        )
    lines.append(
        f'elements.lr = {{kind = "inductor", nodes = ["n{MIDDLE}", "x"], inductance = "{RESONATOR_INDUCTANCE!r} H"}}'
    )
    lines.append(
        f'elements.cr = {{kind = "capacitor", nodes = ["x", "ground"], capacitance = "{RESONATOR_CAPACITANCE!r} F"}}'
    )
    return "\n".join(lines)


def nodal_transmission(omega: np.ndarray) -> np.ndarray:
    """4|Z_ij|²/(R_iR_j) of the three pairs by nodal analysis; the resonator is one admittance."""
    ends = {"hot": 0, "cold": CELLS, "between": MIDDLE}
    nodal = np.zeros((omega.size, CELLS + 1, CELLS + 1), complex)
    for k in range(CELLS):
        series = 1.0 / (1j * omega * INDUCTANCE[k])
        nodal[:, k, k] += series
        nodal[:, k + 1, k + 1] += series + 1j * omega * CAPACITANCE[k]
        nodal[:, k, k + 1] -= series
        nodal[:, k + 1, k] -= series
    nodal[:, MIDDLE, MIDDLE] += 1.0 / resonator_impedance(omega)
    for name, node in ends.items():
        nodal[:, node, node] += 1.0 / RESISTANCES[name]
    inverse = np.linalg.inv(nodal)
    return np.array(
        [4.0 * np.abs(inverse[:, ends[i], ends[j]]) ** 2 / (RESISTANCES[i] * RESISTANCES[j]) for i, j in PAIRS]
    )


def resonator_impedance(omega: np.ndarray) -> np.ndarray:
    return 1j * omega * RESONATOR_INDUCTANCE + 1.0 / (1j * omega * RESONATOR_CAPACITANCE)


def photons(omega: np.ndarray) -> np.ndarray:
    """ħω (n_i − n_j)/2π of the three pairs."""
    energy = REDUCED_PLANCK * omega
    bose = {name: 1.0 / np.expm1(energy / (BOLTZMANN * one)) for name, one in TEMPERATURES.items()}
    return np.array([energy * (bose[i] - bose[j]) / (2.0 * np.pi) for i, j in PAIRS])


def smallest_mesh(points: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Gauss nodes and weights in ω, on panels that are halved only where 1e-8 needs it."""
    nodes, weights = np.polynomial.legendre.leggauss(points)

    def on(panels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        half = (panels[:, 1] - panels[:, 0])[:, None] / 2.0
        omega, weight = panels[:, :1] + half * (1.0 + nodes), half * weights
        flat = omega.reshape(-1)
        values = (nodal_transmission(flat) * photons(flat)).reshape(len(PAIRS), *omega.shape)
        return omega, weight, np.sum(values * weight, axis=-1)

    edges = np.linspace(0.0, 40.0 * BOLTZMANN * max(TEMPERATURES.values()) / REDUCED_PLANCK, 9)
    waiting = np.stack([edges[:-1], edges[1:]], axis=-1)
    done: list[tuple[np.ndarray, np.ndarray]] = []
    scale = np.zeros((len(PAIRS), 1))
    while len(waiting):
        omega, weight, whole = on(waiting)
        middle = waiting.mean(axis=1)
        halves = np.stack(
            [np.stack([waiting[:, 0], middle], -1), np.stack([middle, waiting[:, 1]], -1)], axis=1
        ).reshape(-1, 2)
        finer = on(halves)[2].reshape(len(PAIRS), -1, 2).sum(axis=-1)
        if not done:
            scale = np.abs(finer.sum(axis=1, keepdims=True))
        good = np.all(np.abs(whole - finer) <= 0.1 * WANTED * scale, axis=0)
        done.append((omega[good], weight[good]))
        waiting = halves.reshape(-1, 2, 2)[~good].reshape(-1, 2)
    omega = np.concatenate([one.reshape(-1) for one, _ in done])
    order = np.argsort(omega)
    return omega[order], np.concatenate([one.reshape(-1) for _, one in done])[order]


def median_time(compute: Callable[[], Any], repetitions: int = REPETITIONS) -> float:
    """Median wall time of several calls after one for warming up [s]."""
    compute()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        compute()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def adaptive(transmission: Callable[[np.ndarray], np.ndarray]) -> dict[str, Any]:
    """Heats by adaptive quadrature over a transmission that knows nothing of the network's resonances, once."""
    from scipy.integrate import quad_vec

    top = 40.0 * BOLTZMANN * max(TEMPERATURES.values()) / REDUCED_PLANCK
    calls = 0

    def integrand(omega: float) -> np.ndarray:
        nonlocal calls
        calls += 1
        at = np.array([omega])
        # In femtowatts, because an absolute tolerance stands beside the relative one.
        return 1e15 * (transmission(at) * photons(at))[:, 0] * top

    transmission(np.array([1e10]))
    start = time.perf_counter()
    # The smallest of the three heats is a tenth of the largest.
    heats, _ = quad_vec(lambda share: integrand(share * top), 1e-12, 1.0, epsabs=0.0, epsrel=0.1 * WANTED)
    seconds = time.perf_counter() - start
    return {"adaptive_seconds": seconds, "adaptive_calls": calls, "adaptive_heats": (1e-15 * heats).tolist()}


def scikit_rf(omega: np.ndarray, weight: np.ndarray) -> dict[str, Any]:
    """Cells cascaded as Networks, the three parts joined by a tee, renormalised to the resistors."""
    import skrf

    def cell(frequency: Any, series: np.ndarray, shunt: np.ndarray) -> Any:
        """A series impedance, then an admittance to ground."""
        chain = np.array([[1.0 + series * shunt, series], [shunt, np.ones_like(series)]]).transpose(2, 0, 1)
        return skrf.Network(frequency=frequency, s=skrf.network.a2s(chain, REFERENCE), z0=REFERENCE)

    def transmission(omega: np.ndarray) -> np.ndarray:
        frequency = skrf.Frequency.from_f(omega / (2.0 * np.pi), unit="hz")
        s = 1j * omega
        cells = [cell(frequency, s * INDUCTANCE[k], s * CAPACITANCE[k]) for k in range(CELLS)]
        left, right = skrf.network.cascade_list(cells[:MIDDLE]), skrf.network.cascade_list(cells[MIDDLE:])
        left = left ** cell(frequency, np.zeros_like(s), 1.0 / resonator_impedance(omega))
        tee = skrf.Network(frequency=frequency, s=np.tile(2.0 / 3.0 - np.eye(3), (omega.size, 1, 1)), z0=REFERENCE)
        # A two-port takes the place of the port it is joined to: hot, cold, between.
        joined = skrf.network.connect(skrf.network.connect(left, 1, tee, 0), 1, right, 0)
        joined.renormalize([RESISTANCES[name] for name in ("hot", "cold", "between")])
        power = np.abs(joined.s) ** 2
        return np.array([power[:, 0, 1], power[:, 0, 2], power[:, 1, 2]])

    def heats() -> np.ndarray:
        return np.sum(transmission(omega) * photons(omega) * weight, axis=1)

    once = {"version": skrf.__version__, "seconds": median_time(heats, 11), "heats": heats().tolist()}
    return once | adaptive(transmission)


def sax(omega: np.ndarray, weight: np.ndarray) -> dict[str, Any]:
    """A netlist of cells, compiled once with all frequencies; the S matrix renormalised to the resistors."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import sax as library  # type: ignore[import-not-found]

    def cell(*, omega: Any = 1.0, inductance: float = 1.0, capacitance: float = 1.0) -> Any:
        """A series inductor, then a capacitor to ground."""
        return two_port(1j * omega * inductance, 1j * omega * capacitance)

    def resonator(*, omega: Any = 1.0) -> Any:
        return two_port(
            0j * omega, 1.0 / (1j * omega * RESONATOR_INDUCTANCE + 1.0 / (1j * omega * RESONATOR_CAPACITANCE))
        )

    def two_port(series: Any, shunt: Any) -> Any:
        a, b, c, d = 1.0 + series * shunt, series / REFERENCE, shunt * REFERENCE, 1.0
        whole = a + b + c + d
        return library.reciprocal(
            {
                ("o1", "o1"): (a + b - c - d) / whole,
                ("o1", "o2"): 2.0 / whole,
                ("o2", "o2"): (-a + b - c + d) / whole,
            }
        )

    def tee(*, omega: Any = 1.0) -> Any:
        one = jnp.ones_like(omega) + 0j
        return {(f"o{i}", f"o{j}"): (2.0 / 3.0 - (i == j)) * one for i in (1, 2, 3) for j in (1, 2, 3)}

    before, after = [f"c{k}" for k in range(MIDDLE)], [f"c{k}" for k in range(MIDDLE, CELLS)]
    chain = [*before, "resonator", "tee"]
    connections = {f"{a},o2": f"{b},o1" for a, b in itertools.pairwise(chain)}
    connections |= {f"{a},o2": f"{b},o1" for a, b in zip(["tee", *after], after, strict=False)}
    netlist = {
        "instances": {**{f"c{k}": "cell" for k in range(CELLS)}, "resonator": "resonator", "tee": "tee"},
        "connections": connections,
        "ports": {"hot": "c0,o1", "cold": f"c{CELLS - 1},o2", "between": "tee,o3"},
    }
    circuit, _ = library.circuit(netlist, models={"cell": cell, "resonator": resonator, "tee": tee})
    names = ("hot", "cold", "between")
    resistances = jnp.array([RESISTANCES[name] for name in names])
    reflection = (resistances - REFERENCE) / (resistances + REFERENCE)
    where = jnp.asarray([[names.index(i), names.index(j)] for i, j in PAIRS])
    occupied = jnp.asarray(photons(omega))

    @jax.jit
    def transmission(omega: Any, inductance: Any, capacitance: Any) -> Any:
        values = {f"c{k}": {"inductance": inductance[k], "capacitance": capacitance[k]} for k in range(CELLS)}
        found = library.sdict(circuit(omega=omega, **values))
        s = jnp.stack([jnp.stack([found[i, j] for j in names], -1) for i in names], -2)
        # S' = A⁻¹ (S − Γ)(1 − ΓS)⁻¹ A with real Γ and A = √(1 − Γ²), which keeps it symmetric.
        scale = jnp.sqrt(1.0 - reflection**2)
        eye, gamma = jnp.eye(3), jnp.diag(reflection)
        inner = (s - gamma) @ jnp.linalg.inv(eye - gamma @ s)
        power = jnp.abs(inner * scale[None, :] / scale[:, None]) ** 2
        return power[:, where[:, 0], where[:, 1]].T

    @jax.jit
    def heats(inductance: Any, capacitance: Any) -> Any:
        values = transmission(jnp.asarray(omega), inductance, capacitance)
        return jnp.sum(values * occupied * jnp.asarray(weight), axis=1)

    def compute() -> np.ndarray:
        return np.asarray(jax.block_until_ready(heats(INDUCTANCE, CAPACITANCE)))

    once = {"version": library.__version__, "seconds": median_time(compute), "heats": compute().tolist()}
    return once | adaptive(lambda at: np.asarray(transmission(jnp.asarray(at), INDUCTANCE, CAPACITANCE)))


def run_rival(name: str, mesh: Path) -> dict[str, Any] | None:
    """Time a rival in its own environment; None if that cannot be made."""
    folder = CACHE / name
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    ready = subprocess.run([python, "-c", f"import {RIVAL_MODULE[name]}"], capture_output=True, check=False)
    if ready.returncode:
        installed = subprocess.run([python, "-m", "pip", "install", "--quiet", *RIVALS[name]], check=False)
        if installed.returncode:
            return None
    done = subprocess.run([python, __file__, name, mesh], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1])
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


RIVAL_MODULE = {"scikit-rf": "skrf", "sax": "sax"}
RIVAL_SCRIPT = {"scikit-rf": scikit_rf, "sax": sax}


def main() -> None:
    """Time all, check that they agree, print ratios."""
    import equinox as eqx
    import jax

    from subkelvin.circuit.bucket import in_bucket
    from subkelvin.circuit.netlist import lower_circuit
    from subkelvin.devicefile import loads
    from subkelvin.heat.matrix import compiled_island_heat, island_heat

    temperatures = np.array(list(TEMPERATURES.values()))
    circuit = in_bucket(lower_circuit(loads(device_text())))
    watts, error = jax.device_get(compiled_island_heat(circuit, temperatures))
    places = [[list(TEMPERATURES).index(name) for name in pair] for pair in PAIRS]
    ours = np.array([watts[i, j] for i, j in places])
    stated = max(error[i, j] / abs(watts[i, j]) for i, j in places)
    one = median_time(lambda: jax.block_until_ready(compiled_island_heat(circuit, temperatures)))

    factors = np.linspace(0.9, 1.1, BATCH)[:, None] * np.asarray(circuit.lossless.capacitance)
    batched = jax.jit(
        jax.vmap(
            lambda farads: island_heat(
                eqx.tree_at(lambda c: c.lossless.capacitance, circuit, farads), jax.numpy.asarray(temperatures)
            )[0]
        )
    )
    many = median_time(lambda: jax.block_until_ready(batched(factors)), 5) / BATCH
    print(f"load averages over 1, 5 and 15 minutes: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    print(
        f"subkelvin: {1e3 * one:.3f} ms a call, {1e3 * many:.3f} ms a network in a batch of {BATCH}; stated error {stated:.1e}"
    )

    omega, weight = smallest_mesh()
    CACHE.mkdir(parents=True, exist_ok=True)
    mesh = CACHE / "mesh.npy"
    np.save(mesh, np.stack([omega, weight]))
    print(f"mesh of the rivals: {omega.size} frequencies")
    for name in RIVALS:
        found = run_rival(name, mesh)
        if found is None:
            print(f"{name}: could not be installed or run here; skipped")
            continue
        ways = {"adaptive": f"adaptive quadrature, {found['adaptive_calls']} frequencies", "": "mesh known beforehand"}
        for way, words in ways.items():
            prefix = f"{way}_" if way else ""
            difference = float(np.max(np.abs(np.array(found[f"{prefix}heats"]) / ours - 1.0)))
            if not difference <= WANTED:
                print(f"{name} {found['version']}, {words}: differs by {difference:.1e}; no ratio")
                continue
            seconds = found[f"{prefix}seconds"]
            print(
                f"{name} {found['version']}, {words}: {1e3 * seconds:.1f} ms; {seconds / one:.3g} times ours, "
                f"{seconds / many:.3g} in a batch; largest relative difference {difference:.1e}"
            )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(RIVAL_SCRIPT[sys.argv[1]](*np.load(sys.argv[2]))))
    else:
        main()
