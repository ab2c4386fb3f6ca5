"""Measured or simulated one-ports and two-ports in Touchstone files, as tables of admittances.

    S → Y = G^½ (1 + S)⁻¹ (1 − S) G^½,    Z → Y = Z⁻¹,    G = diag(1/R_i) of the reference resistances

An element in equilibrium emits noise in proportion to Re Y, which must be positive semi-definite: no singular value of S exceeds 1.
Data that are active are refused. S parameters that exceed 1 by no more than their printed digits can explain, 1e-6, are divided by
their largest singular value, and S₁₂ and S₂₁ that differ by no more than that are averaged; both are said in the remarks.

References: K. Kurokawa, IEEE Trans. Microwave Theory Tech. 13, 194 (1965), doi:10.1109/TMTT.1965.1125964;
Touchstone File Format Specification, Version 2.0, IBIS Open Forum (2009).
"""

from pathlib import Path

import numpy as np

from subkelvin.devicefile.touchstone.rows import RawTable, read_raw
from subkelvin.model import DeviceError, MeasuredAdmittance
from subkelvin.model.quantities import quoted

PRINTED_DIGITS = 1e-6
"""What rounding explains in S parameters, which are at most 1: files have six digits or more."""
ROUNDING = 1e-9
"""What rounding explains in Y and Z parameters, relative to the largest; and 1 + S below this is a short."""


def read_touchstone(path: str | Path, ports: int, outside: str = "refuse") -> MeasuredAdmittance:
    """The admittance of a one-port or a two-port against frequency.

    Args:
        path: of a Touchstone file, version 1, 2.0 or 2.1, with S, Y or Z parameters in any format and any reference resistance.
        ports: 1 or 2.
        outside: "hold" or "refuse", what holds beyond the first and the last frequency.

    Returns:
        angular frequencies [rad/s] and admittance matrices [S].

    Raises:
        DeviceError: naming file and line, or file, frequency and value, for a file that cannot be read, frequencies that do
            not rise, values that are not finite, data that are active, not reciprocal or have no admittance; or if scikit-rf is
            missing.
    """
    return read_touchstone_with_remarks(path, ports, outside)[0]


def read_touchstone_with_remarks(
    path: str | Path, ports: int, outside: str = "refuse"
) -> tuple[MeasuredAdmittance, tuple[str, ...]]:
    """As `read_touchstone`, with sentences on what was passed over or changed within the printed digits.

    Raises:
        DeviceError: as `read_touchstone`.
    """
    raw = read_raw(path, ports)
    subject = f"the Touchstone file {quoted(Path(path).name)}"
    remarks: list[str] = []
    if raw.noise_rows:
        remarks.append(f"{subject} holds {raw.noise_rows} rows of noise parameters, which are not read")
    _check_frequencies(raw, subject)
    _check_finite(raw, subject)
    matrices = _reciprocal(raw, subject, remarks)
    if raw.parameter == "s":
        admittance = _admittance_of_waves(raw, _passive_waves(raw, matrices, subject, remarks), subject)
    else:
        admittance = _admittance_of_matrix(raw, matrices, subject)
    frequency = 2.0 * np.pi * raw.frequency
    table = MeasuredAdmittance(
        tuple(frequency.tolist()), tuple(tuple(row) for row in admittance.reshape(len(frequency), -1).tolist()), outside
    )
    return table, tuple(remarks)


def _at(raw: RawTable, row: int) -> str:
    """A frequency in a sentence."""
    return f"at {raw.frequency[row]:.9g} Hz"


def _first(wrong: np.ndarray) -> int | None:
    """The first row of which something is true."""
    return int(np.argmax(wrong)) if np.any(wrong) else None


def _check_frequencies(raw: RawTable, subject: str) -> None:
    """Raise a DeviceError for a frequency that is negative or not finite; that they rise is known."""
    wrong = ~(np.isfinite(raw.frequency) & (raw.frequency >= 0.0))
    if (row := _first(wrong)) is not None:
        raise DeviceError("", f"{subject} has the frequency {raw.frequency[row]:g} Hz", "remove that row")


def _check_finite(raw: RawTable, subject: str) -> None:
    """Raise a DeviceError for a value that is not finite."""
    if (row := _first(~np.all(np.isfinite(raw.matrices), axis=(1, 2)))) is not None:
        raise DeviceError("", f"{subject} has a value {_at(raw, row)} that is not finite", "correct or remove that row")


def _size(matrices: np.ndarray) -> np.ndarray:
    """Largest singular value of every matrix, shape (n,)."""
    return np.linalg.svd(matrices, compute_uv=False)[:, 0]


def _reciprocal(raw: RawTable, subject: str, remarks: list[str]) -> np.ndarray:
    """The matrices, made symmetric within the printed digits.

    Raises:
        DeviceError: if one is not reciprocal.
    """
    transposed = np.swapaxes(raw.matrices, 1, 2)
    difference = np.max(np.abs(raw.matrices - transposed), axis=(1, 2))
    allowed = PRINTED_DIGITS if raw.parameter == "s" else ROUNDING * _size(raw.matrices)
    letter = raw.parameter.upper()
    if (row := _first(~(difference <= allowed))) is not None:
        raise DeviceError(
            "",
            f"{subject} is not reciprocal {_at(raw, row)}: {letter}12 and {letter}21 differ by {difference[row]:.3g}; the "
            "noise of an element that is not reciprocal, such as an isolator, is not in this version",
            "if it is passive and reciprocal, save the mean of both",
        )
    if np.any(difference > 0.0):
        worst = int(np.argmax(difference))
        remarks.append(
            f"{subject} has {letter}12 and {letter}21 that differ by up to {difference[worst]:.2g} ({_at(raw, worst)}): their "
            "mean is taken"
        )
    return 0.5 * (raw.matrices + transposed)


def _passive_waves(raw: RawTable, matrices: np.ndarray, subject: str, remarks: list[str]) -> np.ndarray:
    """S parameters, none of whose singular values exceeds 1.

    Raises:
        DeviceError: if they are active.
    """
    size = _size(matrices)
    worst = int(np.argmax(size))
    if size[worst] > 1.0 + PRINTED_DIGITS:
        raise DeviceError(
            "",
            f"{subject} is active {_at(raw, worst)}: the largest singular value of S is {size[worst]:.9g}, which exceeds 1 by "
            f"{size[worst] - 1.0:.3g}",
            f"check the calibration; rounding explains no more than {PRINTED_DIGITS:g}, so print six digits or more",
        )
    if size[worst] > 1.0 + ROUNDING:
        remarks.append(
            f"{subject} exceeds a passive S by up to {size[worst] - 1.0:.2g} ({_at(raw, worst)}): divided by its largest "
            "singular value there"
        )
    return matrices / np.maximum(size, 1.0)[:, None, None]


def _admittance_of_waves(raw: RawTable, waves: np.ndarray, subject: str) -> np.ndarray:
    """Y = G^½ (1 + S)⁻¹ (1 − S) G^½ [S].

    Raises:
        DeviceError: if 1 + S cannot be inverted.
    """
    one = np.eye(waves.shape[-1])
    smallest = np.linalg.svd(one + waves, compute_uv=False)[:, -1]
    _check_no_short(raw, smallest <= ROUNDING, subject)
    root = np.sqrt(1.0 / raw.reference)
    admittance = np.linalg.solve(one + waves, one - waves) * root[:, None] * root
    return 0.5 * (admittance + np.swapaxes(admittance, 1, 2))


def _admittance_of_matrix(raw: RawTable, matrices: np.ndarray, subject: str) -> np.ndarray:
    """Y [S] of Y or Z parameters, in units of the reference or not.

    Raises:
        DeviceError: if Z cannot be inverted, or Y is active.
    """
    root = np.sqrt(1.0 / raw.reference) if raw.normalised else np.ones_like(raw.reference)
    if raw.parameter == "z":
        singular = np.linalg.svd(matrices, compute_uv=False)
        _check_no_short(raw, singular[:, -1] <= ROUNDING * singular[:, 0], subject)
        inverse = np.linalg.inv(matrices)
        matrices = 0.5 * (inverse + np.swapaxes(inverse, 1, 2))
    admittance = matrices * root[:, None] * root
    lowest = np.linalg.eigvalsh(admittance.real)[:, 0]
    if (row := _first(~(lowest >= -ROUNDING * _size(admittance)))) is not None:
        raise DeviceError(
            "",
            f"{subject} is active {_at(raw, row)}: the real part of its admittance has the eigenvalue {lowest[row]:.3g} S",
            "check the calibration, and remove rows that give out more than they take in",
        )
    return admittance


def _check_no_short(raw: RawTable, singular: np.ndarray, subject: str) -> None:
    """Raise a DeviceError where there is no admittance."""
    if (row := _first(singular)) is not None:
        what = "is a short" if raw.matrices.shape[-1] == 1 else "holds a short, or a wire from port to port,"
        raise DeviceError(
            "",
            f"{subject} {what} {_at(raw, row)}, which has no admittance",
            "remove that row, or merge the nodes if it is so at every frequency",
        )
