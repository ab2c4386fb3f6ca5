"""Linear algebra in plain arithmetic: against LAPACK, exact inverses and finite differences, and free of divided library calls."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin.analysis.validity.numbers import monitors
from subkelvin.analysis.validity.wires import superconducting_wires
from subkelvin.balance.network.network import lower
from subkelvin.devicefile import loads
from subkelvin.numerics.linear_algebra import (
    determinant_phase,
    eigenvalues,
    eigenvectors,
    inverse,
    inverse_cholesky_factor,
    solve,
)

SOURCES = Path(__file__).parents[2] / "src" / "subkelvin"
THREE_CHAINS = """
import jax, jax.numpy as jnp
import subkelvin
from subkelvin.numerics.linear_algebra import determinant_phase, eigenvalues, solve
many = jnp.ones((200, 30, 30)) + 30.0 * jnp.eye(30)
many = many * (1.0 + 0.01 * jnp.arange(30.0))
chains = jax.jit(lambda a: [
    (solve(k * a, a), determinant_phase(k * a), jax.vmap(eigenvalues)(k * a[:8])) for k in (1.0, 2.0, 3.0, 4.0)
])
for _ in range(5):
    jax.block_until_ready(chains(many))
print("answered")
"""


def random_matrices(size: int, lead: tuple[int, ...], is_complex: bool) -> jax.Array:
    generator = np.random.default_rng(size)
    real = generator.normal(size=(*lead, size, size))
    return jnp.asarray(real + 1j * generator.normal(size=real.shape) if is_complex else real)


@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("size", [1, 3, 5, 30])
def test_equations_and_determinants_agree_with_lapack(size: int, is_complex: bool) -> None:
    for lead in ((), (3,), (2, 2)):
        matrix = random_matrices(size, lead, is_complex)
        right = random_matrices(size, lead, is_complex)[..., :2]
        # Rounding grows with the condition of the matrix, which NumPy knows.
        allowed = 1e-15 * size * np.max(np.linalg.cond(matrix))
        expected = np.linalg.solve(matrix, right)
        np.testing.assert_allclose(solve(matrix, right), expected, atol=allowed * np.max(np.abs(expected)))
        np.testing.assert_allclose(determinant_phase(matrix), np.linalg.slogdet(matrix)[0], atol=1e-13 * size)
        np.testing.assert_allclose(inverse(matrix) @ matrix, np.broadcast_to(np.eye(size), matrix.shape), atol=allowed)


def test_a_zero_first_pivot_is_exchanged_and_a_singular_matrix_has_no_finite_solution() -> None:
    exchanged = jnp.array([[0.0, 2.0, 0.0], [0.0, 0.0, 4.0], [8.0, 0.0, 0.0]])
    np.testing.assert_array_equal(solve(exchanged, jnp.array([[2.0], [4.0], [8.0]])), np.ones((3, 1)))
    # An even permutation.
    assert determinant_phase(exchanged) == 1.0
    assert determinant_phase(exchanged[jnp.array([1, 0, 2])]) == -1.0
    singular = jnp.array([[1.0, 2.0], [2.0, 4.0]])
    assert not np.any(np.isfinite(solve(singular, jnp.array([[1.0], [0.0]]))))
    assert determinant_phase(singular) == 0.0
    assert np.all(np.isnan(solve(jnp.full((2, 2), jnp.nan), jnp.ones((2, 1)))))


def test_derivatives_of_solutions_are_those_of_finite_differences() -> None:
    matrix, right = random_matrices(5, (2,), True), random_matrices(5, (2,), True)[..., :1]
    direction = random_matrices(5, (2,), False)

    def size(share: jax.Array) -> jax.Array:
        return jnp.sum(jnp.abs(solve(matrix + share * direction, right * (1.0 + share))) ** 2)

    step = 1e-5
    # A central difference of a smooth function: error of order step² and rounding over step.
    difference = (size(jnp.asarray(step)) - size(jnp.asarray(-step))) / (2.0 * step)
    np.testing.assert_allclose(jax.grad(size)(0.0), difference, rtol=1e-7)
    np.testing.assert_allclose(jax.jacfwd(size)(0.0), difference, rtol=1e-7)


def test_the_cholesky_factor_inverts_couplings_and_refuses_impossible_ones() -> None:
    coupling = jnp.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 1.0]])
    factor = inverse_cholesky_factor(coupling)
    np.testing.assert_allclose(factor, np.linalg.inv(np.linalg.cholesky(coupling)), atol=1e-15)
    assert np.any(np.isnan(inverse_cholesky_factor(jnp.array([[1.0, 2.0], [2.0, 1.0]]))))


def test_eigenvalues_are_those_of_numpy_one_matrix_or_many() -> None:
    matrices = random_matrices(6, (3,), False)
    for values in (jax.vmap(eigenvalues)(matrices), jax.vmap(eigenvectors)(matrices)[0]):
        expected = np.linalg.eigvals(matrices)
        np.testing.assert_allclose(np.sort_complex(values), np.sort_complex(expected), atol=1e-13)


def test_many_independent_chains_in_one_program_answer() -> None:
    answer = subprocess.run([sys.executable, "-c", THREE_CHAINS], capture_output=True, text=True, timeout=300)
    assert answer.stdout.strip() == "answered", answer.stderr


def library_calls(compiled: str) -> list[str]:
    """The operand shapes of all calls of LAPACK in a lowered program."""
    calls = re.findall(r"custom_call @(lapack_\w+).*? : \((.*?)\) ->", compiled)
    return [f"{name}({operands})" for name, operands in calls]


def test_no_program_gives_the_library_more_than_one_matrix() -> None:
    device = loads(
        'islands.hot = {temperature = "0.3 K"}\nislands.cold = {temperature = "0.1 K"}\n[elements]\n'
        'a = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "60 ohm"}\n'
        'b = {kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "80 ohm"}\n'
        'l = {kind = "inductor", nodes = ["a", "b"], inductance = "1 nH"}\n'
        'c = {kind = "capacitor", nodes = ["b", "ground"], capacitance = "20 fF"}\n'
    )
    network = lower(device)
    wires = superconducting_wires(device, device.structure.elements[:2])
    program = jax.jit(monitors).lower(network, jnp.array([0.3, 0.1]), jnp.ones(2), wires).as_text()
    calls = library_calls(program)
    # Eigenvalues of a circuit by poles need the library, so the search finds something.
    assert calls
    batched = [call for call in calls if re.search(r"tensor<(\d+x){3,}[a-z]", call) and "tensor<1x" not in call]
    assert not batched


def test_nothing_else_calls_a_library_of_linear_algebra_inside_compiled_code() -> None:
    allowed = {"norm"}
    found = []
    for path in SOURCES.rglob("*.py"):
        if path.name == "linear_algebra.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr not in allowed:
                owner = ast.unparse(node.value)
                if owner in {"jnp.linalg", "jax.numpy.linalg", "jax.scipy.linalg", "jax.lax.linalg"}:
                    found.append(f"{path.name}: {owner}.{node.attr}")
    assert not found


def test_eigenvalues_answer_to_their_matrix_forward_and_backward() -> None:
    random = np.random.default_rng(3)
    matrix, direction = random.normal(size=(2, 4, 4))

    def slowest(step: float | jax.Array) -> jax.Array:
        return jnp.max(jnp.real(eigenvalues(matrix + step * direction)))

    h = 1e-5
    expected = (
        np.max(np.linalg.eigvals(matrix + h * direction).real) - np.max(np.linalg.eigvals(matrix - h * direction).real)
    ) / (2.0 * h)
    # A central difference: 1e-10 of a third derivative, and rounding of 1e-15 over the step.
    np.testing.assert_allclose(jax.grad(slowest)(0.0), expected, rtol=1e-8)
    np.testing.assert_allclose(jax.jvp(slowest, (0.0,), (1.0,))[1], expected, rtol=1e-8)
