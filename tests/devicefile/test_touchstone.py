"""Touchstone files become the admittances of closed forms, or a sentence that names file, frequency and value."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skrf import Network
from skrf.network import y2s

from subkelvin.devicefile import load
from subkelvin.devicefile.touchstone import read_touchstone, read_touchstone_with_remarks
from subkelvin.model import DeviceError

FREQUENCY = np.array([0.1e9, 1.0e9, 2.5e9, 7.3e9])
RESISTANCE, CAPACITANCE = 120.0, 0.4e-12
LINE_IMPEDANCE, DELAY, ATTENUATION = 60.0, 31e-12, 0.02
EXACT = 1e-12
"""Relative to the largest entry: the inversion of 1 + S multiplies rounding by no more than a few hundred here."""


def matrices(path: Path, ports: int) -> np.ndarray:
    """The admittance matrices of a file, shape (frequencies, ports, ports)."""
    return np.array(read_touchstone(path, ports).admittance).reshape(-1, ports, ports)


def assert_same(found: np.ndarray, expected: np.ndarray, tolerance: float = EXACT) -> None:
    """Compare matrices, relative to the largest entry of each."""
    scale = np.max(np.abs(expected), axis=(1, 2), keepdims=True)
    np.testing.assert_array_less(np.abs(found - expected) / scale, tolerance)


def shunt(admittance: np.ndarray) -> np.ndarray:
    """A one-port as matrices."""
    return admittance[:, None, None]


def series(admittance: np.ndarray) -> np.ndarray:
    """An element between two ports: Y = y (1 −1; −1 1)."""
    return admittance[:, None, None] * np.array([[1.0, -1.0], [-1.0, 1.0]])


def line() -> np.ndarray:
    """A lossy line: Y11 = coth(γl)/Z, Y12 = −1/(Z sinh γl), γl = a + iωτ."""
    exponent = ATTENUATION + 2j * np.pi * FREQUENCY * DELAY
    direct, across = 1.0 / np.tanh(exponent), -1.0 / np.sinh(exponent)
    return np.array([[direct, across], [across, direct]]).transpose(2, 0, 1) / LINE_IMPEDANCE


RC = 1.0 / RESISTANCE + 2j * np.pi * FREQUENCY * CAPACITANCE
NETWORKS = {"one-port": shunt(RC), "series": series(RC), "line": line()}


def waves(admittance: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """S = (1 + y)⁻¹ (1 − y) with y in units of the reference."""
    root = np.sqrt(reference)
    normalised = admittance * root[:, None] * root
    one = np.eye(len(root))
    return np.linalg.solve(one + normalised, one - normalised)


def written(values: np.ndarray, style: str) -> list[str]:
    """Numbers in one of the three formats, with all their digits."""
    pairs = {
        "RI": (values.real, values.imag),
        "MA": (np.abs(values), np.angle(values, deg=True)),
        "DB": (20.0 * np.log10(np.abs(values)), np.angle(values, deg=True)),
    }[style]
    return [f"{first!r} {second!r}" for first, second in zip(*(part.tolist() for part in pairs), strict=True)]


def version_1(values: np.ndarray, header: str) -> str:
    """A file of version 1: two-ports in the order 11, 21, 12, 22."""
    style = next(one for one in ("RI", "MA", "DB") if one in header.split())
    scale = {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9}[next(one for one in header.split() if one.endswith("Hz"))]
    rows = [
        f"{frequency / scale!r} {' '.join(written(matrix.T.ravel(), style))}"
        for frequency, matrix in zip(FREQUENCY.tolist(), values, strict=True)
    ]
    return "\n".join(["! a comment", header, *rows]) + "\n"


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("form", ["ri", "ma", "db"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_files_of_scikit_rf_are_read_back(tmp_path: Path, network: str, form: str, version: str) -> None:
    expected = NETWORKS[network]
    ports = expected.shape[-1]
    written_by = Network(f=FREQUENCY, f_unit="Hz", s=y2s(expected, 75.0), z0=75.0, name="written")
    written_by.write_touchstone("written", dir=str(tmp_path), form=form, version=version)
    (path,) = tmp_path.iterdir()
    table = read_touchstone(path, ports, outside="hold")
    np.testing.assert_allclose(table.frequency, 2.0 * np.pi * FREQUENCY, rtol=1e-15)
    assert table.outside == "hold"
    assert_same(matrices(path, ports), expected)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("header", ["# GHz S RI R 50", "# MHz S MA R 1", "# Hz S DB R 377.5", "# R 20 RI S kHz"])
def test_scattering_parameters_in_every_format_and_reference(tmp_path: Path, network: str, header: str) -> None:
    expected = NETWORKS[network]
    ports = expected.shape[-1]
    reference = float(header.split()[header.split().index("R") + 1])
    path = tmp_path / f"hand.s{ports}p"
    path.write_text(version_1(waves(expected, np.full(ports, reference)), header))
    assert_same(matrices(path, ports), expected, 10.0 * EXACT if reference == 1.0 else EXACT)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("style", ["RI", "MA", "DB"])
def test_admittances_of_version_1_are_in_units_of_the_reference(tmp_path: Path, network: str, style: str) -> None:
    # Touchstone 1: "all Y parameters are normalised to the reference resistance": 1 with R 50 means 20 mS
    expected = NETWORKS[network]
    ports = expected.shape[-1]
    path = tmp_path / f"hand.y{ports}p"
    path.write_text(version_1(expected * 75.0, f"# GHz Y {style} R 75"))
    assert_same(matrices(path, ports), expected)


@pytest.mark.parametrize("network", ["one-port", "line"])
def test_impedances_of_version_1_are_in_units_of_the_reference(tmp_path: Path, network: str) -> None:
    expected = NETWORKS[network]
    ports = expected.shape[-1]
    path = tmp_path / f"hand.z{ports}p"
    path.write_text(version_1(np.linalg.inv(expected) / 75.0, "# GHz Z RI R 75"))
    assert_same(matrices(path, ports), expected)


@pytest.mark.parametrize("order", ["12_21", "21_12"])
@pytest.mark.parametrize("matrix_format", ["Full", "Lower", "Upper"])
@pytest.mark.parametrize("parameter", ["S", "Y", "Z"])
def test_version_2_has_a_reference_for_every_port_and_plain_units(
    tmp_path: Path, order: str, matrix_format: str, parameter: str
) -> None:
    expected, reference = NETWORKS["line"], np.array([30.0, 75.0])
    values = {"S": waves(expected, reference), "Y": expected, "Z": np.linalg.inv(expected)}[parameter]
    rows = []
    for frequency, matrix in zip(FREQUENCY.tolist(), values, strict=True):
        entries = matrix.ravel() if matrix_format == "Full" else matrix.ravel()[[0, 1, 3]]
        rows.append(f"{frequency!r} {' '.join(written(entries, 'RI'))} ! a comment")
    lines = [
        "! a comment", "[Version] 2.0", f"# Hz {parameter} RI R 50", "[Number of Ports] 2", f"[Two-Port Data Order] {order}",
        "[Number of Frequencies] 4", "[Number of Noise Frequencies] 1", "[Reference] 30", "75 ! on the next line",
        f"[Matrix Format] {matrix_format}", "[Begin Information]", "made by hand 1 2 3", "[End Information]", "[Network Data]",
        *rows, "[Noise Data]", "1e9 2.0 0.5 30 1.0", "[End]",
    ]  # fmt: skip
    path = tmp_path / "hand.ts"
    path.write_text("\n".join(lines))
    assert_same(matrices(path, 2), expected)
    _, remarks = read_touchstone_with_remarks(path, 2)
    assert ["1 rows of noise parameters, which are not read" in one for one in remarks].count(True) == 1


def test_different_references_agree_with_scikit_rf(tmp_path: Path) -> None:
    reference = np.array([30.0, 75.0])
    assert_same(waves(line(), reference), y2s(line(), reference))


def test_an_open_end_has_no_admittance_and_that_is_a_value(tmp_path: Path) -> None:
    path = tmp_path / "open.s1p"
    path.write_text("# Hz S RI R 50\n0 1 0\n1e9 1 0\n")
    assert matrices(path, 1).ravel().tolist() == [0.0, 0.0]


def test_noise_parameters_of_a_two_port_are_passed_over_and_said(tmp_path: Path) -> None:
    path = tmp_path / "noisy.s2p"
    rows = version_1(waves(line(), np.full(2, 50.0)), "# GHz S RI R 50")
    path.write_text(rows + "0.2 2.0 0.5 30 1.0\n0.4 2.1 0.5 30 1.0\n")
    table, remarks = read_touchstone_with_remarks(path, 2)
    assert len(table.frequency) == len(FREQUENCY)
    assert "the Touchstone file 'noisy.s2p' holds 2 rows of noise parameters, which are not read" in remarks


def test_what_printed_digits_explain_is_made_passive_and_reciprocal_and_said(tmp_path: Path) -> None:
    path = tmp_path / "rounded.s2p"
    # 100i ohm in series between ports of 50 ohm, S11 = 1/(1 − i) and S21 = 1 − S11, with errors of 1e-7 and 3e-7
    path.write_text("# GHz S RI R 50\n1 .5000001 .5 .5 -.5 .5000003 -.5 .5000001 .5\n")
    table, remarks = read_touchstone_with_remarks(path, 2)
    assert len(remarks) == 2
    assert "S12 and S21 that differ by up to 3e-07 (at 1e+09 Hz): their mean is taken" in remarks[0]
    assert "exceeds a passive S by up to" in remarks[1]
    found = np.array(table.admittance).reshape(2, 2)
    assert found[0, 1] == found[1, 0]
    assert np.linalg.eigvalsh(found.real)[0] >= -1e-15 * np.max(np.abs(found))
    # off by no more than the digits that are wrong
    np.testing.assert_allclose(found, -0.01j * np.array([[1, -1], [-1, 1]]), rtol=0.0, atol=0.02 * 1e-6)


def refusal(path: Path, text: str, ports: int) -> str:
    """The sentence about a file."""
    path.write_text(text)
    with pytest.raises(DeviceError) as caught:
        read_touchstone(path, ports)
    return str(caught.value)


ROW = "0.5 0 0.25 0 0.25 0 0.5 0"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.s1p", "# GHz S RI R 50\n1 1.001 0\n", "is active at 1e+09 Hz: the largest singular value of S is 1.001, which exceeds"),
        ("a.s1p", "# GHz S RI R 50\n1 1.00001 0\n", "which exceeds 1 by 1e-05"),
        ("a.s2p", f"# GHz S RI R 50\n1 {ROW}\n2 0 0 3 0 3 0 0 0\n", "is active at 2e+09 Hz: the largest singular value of S is 3"),
        ("a.s2p", "# GHz S RI R 50\n1 0 0 .9 0 .1 0 0 0\n", "is not reciprocal at 1e+09 Hz: S12 and S21 differ by 0.8"),
        ("a.y1p", "# GHz Y RI R 50\n1 -0.1 3\n", "the real part of its admittance has the eigenvalue -0.002 S"),
        ("a.z1p", "# GHz Z RI R 50\n1 -0.1 3\n", "is active at 1e+09 Hz"),
        ("a.y2p", "# GHz Y RI R 50\n1 1 0 -1.1 0 -1.1 0 1 0\n", "the eigenvalue -0.002 S"),
        ("a.s1p", "# GHz S RI R 50\n1 0 0\n2 -1 0\n", "is a short at 2e+09 Hz, which has no admittance"),
        ("a.z1p", "# GHz Z RI R 50\n1 0 0\n", "is a short at 1e+09 Hz"),
        ("a.s2p", "# GHz S RI R 50\n1 0 0 1 0 1 0 0 0\n", "holds a short, or a wire from port to port, at 1e+09 Hz"),
        ("a.z2p", "# GHz Z RI R 50\n1 1 0 1 0 1 0 1 0\n", "a wire from port to port, at 1e+09 Hz"),
        ("a.s1p", "# GHz S RI R 50\n1 0 0\n1 0 0\n", "has the frequency 1 ghz behind 1, but they must rise"),
        ("a.s1p", "# GHz S RI R 50\n2 0 0\n1 0 0\n", "has the frequency 1 ghz behind 2, but they must rise"),
        ("a.s2p", f"# GHz S RI R 50\n2 {ROW}\n1 {ROW}\n", "has the frequency 1 ghz behind 2, but they must rise"),
        ("a.s2p", f"# GHz S RI R 50\n2 {ROW}\n1 2 .5 30 1\n3 {ROW}\n", "line 4 of the Touchstone file"),
        ("a.s2p", f"# GHz S RI R 50\n2 {ROW}\n3 2 .5 30 1\n", "has 5 numbers, but a row of 2 ports has 9"),
        ("a.s1p", "# GHz S RI R 50\n-1 0 0\n", "has the frequency -1e+09 Hz"),
        ("a.s1p", "# GHz S RI R 50\n1 nan 0\n", "line 2 of the Touchstone file"),
        ("a.s1p", "# GHz S RI R 50\n1 nan 0\n", "holds 'nan', which is not finite"),
        ("a.s1p", "# GHz S RI R 50\n1 1e999 0\n", "has a value at 1e+09 Hz that is not finite"),
        ("a.s1p", "# GHz S DB R 50\n1 99999 0\n", "has a value at 1e+09 Hz that is not finite"),
        ("a.s1p", "# GHz S RI R 50\n1 1_0 0\n", "holds '1_0', which is not a number"),
        ("a.s1p", "# GHz S RI R 50\n1 1.0D0 0\n", "which is not a number"),
        ("a.s2p", f"# GHz S RI R 50\n1 {ROW}\n", ""),
        ("a.s1p", f"# GHz S RI R 50\n1 {ROW}\n", "line 2 of the Touchstone file"),
        ("a.s1p", f"# GHz S RI R 50\n1 {ROW}\n", "has 9 numbers, but a row of 1 port has 3"),
        ("a.s3p", "# GHz S RI R 50\n1 0 0\n", "has 3 ports, but the element has"),
        ("a.txt", "# GHz S RI R 50\n1 0 0\n", "does not say how many ports it has"),
        ("a.s1p", "# GHz S RI 75\n1 0 0\n", "holds the option '75', which does not exist"),
        ("a.s1p", "# GHz S RI R\n1 0 0\n", "needs numbers above zero as reference resistances"),
        ("a.s1p", "# GHz S RI R -50\n1 0 0\n", "needs numbers above zero as reference resistances"),
        ("a.s1p", "# GHz S RI R 50+1j\n1 0 0\n", "needs numbers above zero as reference resistances"),
        ("a.s1p", "# GHz S RI R 50 75\n1 0 0\n", "has 2 reference resistances"),
        ("a.y2p", f"# GHz Y RI R 50 75\n1 {ROW}\n", "in units of two different resistances"),
        ("a.s1p", "# GHz S S RI R 50\n1 0 0\n", "gives the option 's' again"),
        ("a.s1p", "# THz S RI R 50\n1 0 0\n", "holds the option 'thz'"),
        ("a.s2p", f"# GHz H RI R 50\n1 {ROW}\n", "announces hybrid parameters"),
        ("a.s1p", "# GHz S RI R 50\n# MHz S RI R 50\n1 0 0\n", "is a second option line"),
        ("a.s1p", "1 0 0\n", "holds numbers, but no option line stands before them"),
        ("a.s1p", "# GHz S RI R 50\n", "holds no rows of numbers"),
        ("a.s1p", "", "holds no rows of numbers"),
        ("a.s1p", "# GHz S RI R 50\n! Port Impedance 30 0\n1 0 0\n", "gives port impedances in a comment"),
        ("a.s1p", "# GHz S RI R 50\n! Port Impedance30 0\n1 0 0\n", "gives port impedances in a comment"),
        ("a.s1p", "# GHz S RI R 50\n! Port[1] Impedance 30 0\n1 0 0\n", "gives port impedances in a comment"),
        ("a.ts", "[Version] 3.0\n# GHz S RI R 50\n", "has the version '3.0'"),
        ("a.ts", "[Number of Ports] 1\n", "no [Version] stands before it"),
        ("a.ts", "[Version] 2.0\n# GHz S RI R 50\n[Network Data]\n1 0 0\n", "does not say how many ports it has"),
        ("a.ts", "[Version] 2.0\n[Number of Ports] two\n", "must hold a whole number, but holds 'two'"),
        ("a.ts", "[Version] 2.0\n[Number of Ports] 2\n[Reference] 50\n", "gives 1 reference resistances for 2 ports"),
        ("a.ts", "[Version] 2.0\n[Mixed-Mode Order] D1,2 C1,2\n", "holds the keyword [mixed-mode order], which is not read"),
        ("a.ts", "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 1\n[Network Data]\n1 0 0\n[Reference] 75\n",
         "holds the keyword [Reference] behind the numbers"),
        ("a.ts", "[Version] 2.0\n[Matrix Format] diagonal\n", "must hold full or lower or upper, but holds 'diagonal'"),
        ("a.ts", "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 1\n[Number of Frequencies] 2\n[Network Data]\n1 0 0\n[End]",
         "announces 2 frequencies, but holds 1"),
    ],
)  # fmt: skip
def test_a_sentence_names_file_and_value(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    if not sentence:
        # the row that the others vary is itself good
        (tmp_path / name).write_text(text)
        assert len(read_touchstone(tmp_path / name, 2).frequency) == 1
        return
    ports = 2 if name.endswith("2p") or "[Number of Ports] 2" in text else 1
    found = refusal(tmp_path / name, text, ports)
    assert sentence in found
    assert name in found


def test_the_number_of_ports_has_to_be_the_elements(tmp_path: Path) -> None:
    assert 'has 2 ports, but the element has 1; use kind = "two-port"' in refusal(
        tmp_path / "a.s2p", f"# GHz S RI R 50\n1 {ROW}\n", 1
    )
    assert 'has 1 port, but the element has 2; use kind = "table"' in refusal(
        tmp_path / "a.s1p", "# GHz S RI R 50\n1 0 0\n", 2
    )


def test_a_device_file_takes_the_tables_from_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "probe.s1p").write_text(version_1(waves(shunt(RC), np.full(1, 50.0)), "# GHz S RI R 50"))
    (tmp_path / "line.s2p").write_text(version_1(waves(line(), np.full(2, 50.0)), "# GHz S RI R 50"))
    (tmp_path / "device.toml").write_text(
        """
islands.cold.temperature = "50 mK"
islands.hot.temperature = "100 mK"
elements.probe = { kind = "table", nodes = ["a", "ground"], island = "hot", file = "probe.s1p", outside = "hold" }
elements.line = { kind = "two-port", nodes = ["a", "b"], island = "cold", file = "line.s2p" }
elements.end = { kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "50 ohm" }
"""
    )
    probe, filtered, _ = load(tmp_path / "device.toml").structure.elements
    assert probe.table == read_touchstone(tmp_path / "probe.s1p", 1, outside="hold")
    assert filtered.table == read_touchstone(tmp_path / "line.s2p", 2)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="there is no file"):
        read_touchstone(tmp_path / "nothing.s1p", 1)
    with pytest.raises(DeviceError, match="cannot be read"):
        read_touchstone(tmp_path, 1)


def test_comments_need_not_be_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.s1p"
    path.write_bytes("! 20 °C, µ\r\n# GHz S MA R 50\r\n1 0 0\r\n".encode("latin-1"))
    assert matrices(path, 1).ravel() == pytest.approx([0.02], rel=1e-15)


def test_without_scikit_rf_the_sentence_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.s1p"
    path.write_text("# GHz S MA R 50\n1 0 0\n")
    monkeypatch.setitem(sys.modules, "skrf.io.touchstone", None)
    with pytest.raises(DeviceError, match=r"scikit-rf, which is not installed; pip install 'subkelvin\[touchstone\]'"):
        read_touchstone(path, 1)


def test_scikit_rf_is_imported_only_when_a_file_is_read() -> None:
    program = "import sys, subkelvin.devicefile.touchstone, subkelvin.devicefile; print('skrf' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


SNIPPETS = st.sampled_from(
    ["#", "GHz", "S", "Y", "RI", "MA", "R", "50", "0", "1", "0.5", "-1", "2", "1e999", "nan", "!", "[Version]", "2.0",
     "[Reference]", "[Number of Ports] 1", "[Network Data]", "[End]", "[", "]", "# GHz S RI R 50", "1 0 0", "2 0.5 0", "\x00", "é"]
)  # fmt: skip
FILES = st.lists(st.lists(SNIPPETS, max_size=5).map(" ".join), max_size=8).map("\n".join).map(str.encode) | st.binary()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for the files of property tests."""
    return tmp_path_factory.mktemp("touchstone")


@given(FILES, st.sampled_from(["a.s1p", "a.s2p", "a.ts", "a.y1p", "a"]), st.sampled_from([1, 2]))
def test_any_file_is_a_table_or_a_sentence(folder: Path, content: bytes, name: str, ports: int) -> None:
    (folder / name).write_bytes(content)
    try:
        table = read_touchstone(folder / name, ports)
    except DeviceError:
        return
    assert np.all(np.isfinite(table.frequency))
    assert np.all(np.isfinite(table.admittance))
