"""A SPICE netlist becomes the device that one would have written by hand, or a sentence that names its line."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkelvin import cli
from subkelvin.devicefile import loads
from subkelvin.devicefile.spice import read_spice, spice_to_device_file
from subkelvin.devicefile.spice.number import SCALES, UNITS, parse_number
from subkelvin.model import DeviceError

NETLIST = """Two resistors and a filter
* a comment, and a blank line

.param cc=10pF rr=50ohm  ; another comment
.subckt filter in out c=1p L=1n where=cold
L1 in mid {L}
C1 mid GND {c}   $ to the ground
R1 mid out 2.2MEG island={where}
.ends filter
r1 a 0 1kOhm ;@ island=hot
X1 A b filter
+ c={cc} where=hot
x2 b d filter params: L = 3uH
R2 d gnd {rr}
*@island hot temperature=300m
*@island r2 power=1fW parasitic_power=0.002f
.ac dec 10 1k 1g
.end
"""

BY_HAND = """
name = "Two resistors and a filter"
[islands.hot]
temperature = "0.3 K"
[islands.cold]
power = "0 W"
[islands.R2]
power = "1 fW"
parasitic_power = "2e-18 W"
[elements.r1]
kind = "resistor"
nodes = ["a", "ground"]
island = "hot"
resistance = "1 kohm"
[elements.X1-L1]
kind = "inductor"
nodes = ["a", "X1-mid"]
inductance = "1 nH"
[elements.X1-C1]
kind = "capacitor"
nodes = ["X1-mid", "ground"]
capacitance = "10 pF"
[elements.X1-R1]
kind = "resistor"
nodes = ["X1-mid", "b"]
island = "hot"
resistance = "2.2 Mohm"
[elements.x2-L1]
kind = "inductor"
nodes = ["b", "x2-mid"]
inductance = "3 uH"
[elements.x2-C1]
kind = "capacitor"
nodes = ["x2-mid", "ground"]
capacitance = "1 pF"
[elements.x2-R1]
kind = "resistor"
nodes = ["x2-mid", "d"]
island = "cold"
resistance = "2.2 Mohm"
[elements.R2]
kind = "resistor"
nodes = ["d", "ground"]
island = "R2"
resistance = "50 ohm"
[[assumed]]
because = "the netlist gives these islands neither a temperature nor a power: they float and are not heated"
values = ["islands.cold.power"]
"""

COUPLED = """A line and a transformer
.param k=-0.3
K1 L1 l2 {k}
R1 a 0 50
L1 a 0 1n
L2 0 b 2n
T1 b 0 c 0 Z0 = 50 TD=10NS
T2 c GND d 0 ZO=75 F=1GHz
T3 d 0 e 0 Z0=75 F=1G NL=0.5
.subckt pair p
La p 0 1n
Lb m 0 1n
Rb m 0 1
K1 La Lb 0.5
.ends
X1 e pair
*@island R1 temperature=0.1
*@island X1-Rb temperature=0.2
"""

COUPLED_BY_HAND = """
name = "A line and a transformer"
islands.R1.temperature = "100 mK"
islands.X1-Rb.temperature = "200 mK"
[elements]
R1 = { kind = "resistor", nodes = ["a", "ground"], island = "R1", resistance = "50 ohm" }
L1 = { kind = "inductor", nodes = ["a", "ground"], inductance = "1 nH" }
L2 = { kind = "inductor", nodes = ["ground", "b"], inductance = "2 nH" }
T1 = { kind = "line", nodes = ["b", "c"], characteristic_impedance = "50 ohm", delay = "10 ns" }
T2 = { kind = "line", nodes = ["c", "d"], characteristic_impedance = "75 ohm", delay = "250 ps" }
T3 = { kind = "line", nodes = ["d", "e"], characteristic_impedance = "75 ohm", delay = "500 ps" }
X1-La = { kind = "inductor", nodes = ["e", "ground"], inductance = "1 nH" }
X1-Lb = { kind = "inductor", nodes = ["X1-m", "ground"], inductance = "1 nH" }
X1-Rb = { kind = "resistor", nodes = ["X1-m", "ground"], island = "X1-Rb", resistance = "1 ohm" }
K1 = { kind = "mutual", couples = ["L1", "L2"], coupling = -0.3 }
X1-K1 = { kind = "mutual", couples = ["X1-La", "X1-Lb"], coupling = 0.5 }
"""

RLC = "title\nR1 a 0 50\nC1 a b 1p\nR2 b 0 50\n"


def refusal(*lines: str) -> str:
    """The sentence about a netlist whose lines stand below a title."""
    with pytest.raises(DeviceError) as caught:
        spice_to_device_file("\n".join(["title", *lines]))
    return str(caught.value)


def test_a_netlist_is_the_device_that_one_would_write_by_hand() -> None:
    imported, by_hand = loads(spice_to_device_file(NETLIST)), loads(BY_HAND)
    assert imported.structure == by_hand.structure
    assert imported.values == by_hand.values
    assert imported.provenance == by_hand.provenance
    assert imported.provenance.assumed == ("islands.cold.power",)


def test_coupled_inductors_and_lines_are_those_that_one_would_write_by_hand() -> None:
    imported = loads(spice_to_device_file(COUPLED))
    by_hand = loads(COUPLED_BY_HAND)
    assert imported.structure.elements == by_hand.structure.elements
    # a delay NL/F is one division away from the number written by hand
    assert imported.values == pytest.approx(by_hand.values, rel=3e-16, abs=0.0)
    assert "# NL is not given: it is 0.25, as in SPICE\n[elements.T2]" in spice_to_device_file(COUPLED)


def test_the_text_holds_the_tables_and_the_lines_they_come_from() -> None:
    text = spice_to_device_file(NETLIST)
    assert tomllib.loads(text) == read_spice(NETLIST)
    assert "# line 10: r1 a 0 1kOhm ;@ island=hot\n[elements.r1]\n" in text
    assert "# line 14: R2 d gnd {rr}\n# {rr} is 50ohm\n[elements.R2]\n" in text
    assert "# Line 17 asks for an analysis and was passed over: .ac dec 10 1k 1g" in text
    assert "# line 8 names no island" not in text
    assert "# line 14 names no island, so the resistor has one of its own\n" in text
    assert "no line *@island says what holds or heats it, so it floats unheated\n[islands.cold]\n" in text


def test_without_any_temperature_the_device_file_is_written_but_cannot_be_meant() -> None:
    with pytest.raises(DeviceError, match="hold no temperature"):
        loads(spice_to_device_file(RLC))
    loads(spice_to_device_file(RLC + "*@island R1 temperature=0.1\n"))


def test_spice_reads_the_same_circuit_without_the_comments() -> None:
    bare = NETLIST.replace(" ;@ island=hot", "").replace("*@", "* ")
    with_comments, without = read_spice(NETLIST)["elements"], read_spice(bare)["elements"]
    assert [{**table, "island": ""} for table in with_comments.values()] == [
        {**table, "island": ""} for table in without.values()
    ]
    assert without["r1"]["island"] == "r1"


# The values that the SPICE3 manual (section 2.1) and common use give to these spellings.
@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("50", "ohm", 50.0),
        ("1k", "ohm", 1e3),
        ("1K", "ohm", 1e3),
        ("1kOhm", "ohm", 1e3),
        ("1KΩ", "ohm", 1e3),
        ("2.2MEG", "ohm", 2.2e6),
        ("2.2megohm", "ohm", 2.2e6),
        ("1M", "ohm", 1e-3),
        ("1m", "ohm", 1e-3),
        ("1mil", "", 25.4e-6),
        ("3G", "ohm", 3e9),
        ("3t", "ohm", 3e12),
        ("10pF", "F", 1e-11),
        ("10P", "F", 1e-11),
        ("10fF", "F", 1e-14),
        ("10F", "F", 1e-14),
        ("10farad", "F", None),
        ("1uH", "H", 1e-6),
        ("1µH", "H", 1e-6),
        ("1.5nH", "H", 1.5e-9),
        ("2H", "H", 2.0),
        ("10NS", "s", 1e-8),
        ("5GHz", "Hz", 5e9),
        ("-.5e-3k", "", -0.5),
        ("1e3", "ohm", 1e3),
        ("0.3", "K", 0.3),
        ("300m", "K", 0.3),
        ("1fW", "W", 1e-15),
    ],
)
def test_numbers_are_what_spice_reads(text: str, unit: str, value: float | None) -> None:
    if value is None:
        # f is a scale factor in SPICE, whatever follows: it means neither 10 F nor 10 fF
        with pytest.raises(DeviceError):
            parse_number(text, unit)
    else:
        assert parse_number(text, unit).value == value


@given(
    st.floats(1e-3, 999.0),
    st.sampled_from(sorted(SCALES)),
    st.sampled_from(["ohm", "H", "s", "W"]),
    st.booleans(),
    st.data(),
)
def test_a_written_number_reads_back(mantissa: float, scale: str, unit: str, small: bool, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["", *UNITS[unit]]))
    # the micro sign has no capital letter of its own
    value = parse_number(
        f"{mantissa!r}{scale.lower() if small or not scale.isascii() else scale.upper()}{name}", unit
    ).value
    # one rounding of the exact product against two
    assert value == pytest.approx(mantissa * float(SCALES[scale]), rel=3e-16, abs=0.0)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("10q", "ohm"), ("1k5", "ohm"), ("10pH", "F"), ("1 k", "ohm"), ("1aF", "F"), ("1A", "ohm"), ("1,5", "ohm"), ("", "ohm"),
        ("k", "ohm"), ("1e", "ohm"), ("nan", "ohm"), ("inf", "ohm"), ("1_0", "ohm"), ("0x10", "ohm"), ("1K", "K"), ("0.05K", "K"),
        ("100mK", "K"), ("1MEGA", "ohm"), ("١٢", "ohm"), ("1e9999", "ohm"), ("--1", "ohm"), ("1kk", "ohm"), ("5Hz", "ohm"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str, unit: str) -> None:
    with pytest.raises(DeviceError):
        parse_number(text, unit)


def test_milli_and_femto_are_said_beside_the_value() -> None:
    text = spice_to_device_file("title\nR1 a 0 1M\nR2 a 0 1MEG\nC1 a 0 1F\nC2 a 0 1fF\n")
    assert text.count("SPICE reads M as milli (1e-3); mega is written MEG") == 1
    assert '[elements.R1]\nkind = "resistor"\nnodes = ["a", "ground"]\nisland = "R1"\nresistance = "0.001 ohm"' in text
    assert text.count("SPICE reads F as femto (1e-15), not as farad") == 1


def test_names_are_the_same_in_capital_letters_and_keep_their_first_spelling() -> None:
    elements = read_spice("title\nR1 Node 0 50 island=Hot\nR2 NODE 0 50 island=hot\n")["elements"]
    assert elements["R1"]["nodes"] == elements["R2"]["nodes"] == ["Node", "ground"]
    assert elements["R1"]["island"] == elements["R2"]["island"] == "Hot"


@pytest.mark.parametrize(
    "line", ["R1 a 0 50", "V1 a 0 DC 1", "X1 a b filter", ".param c=1p", "+ 50", "RC stage number 2"]
)
def test_a_first_line_that_spice_would_lose_is_refused(line: str) -> None:
    with pytest.raises(DeviceError, match=r"line 1 .* takes the first line of a netlist as its title"):
        read_spice(f"{line}\nR2 a 0 50\n")


@pytest.mark.parametrize(
    ("first", "name"),
    [("RC filter", "RC filter"), ("* A filter", "A filter"), (".title A filter", "A filter"), ("", "netlist"),
     ('a"\\\x07b', 'a"\\ b')],
)  # fmt: skip
def test_the_first_line_is_the_title(first: str, name: str) -> None:
    text = spice_to_device_file(f"{first}\nR2 a 0 50\n")
    assert tomllib.loads(text)["name"] == name


def test_a_line_for_subkelvin_can_be_the_first() -> None:
    assert read_spice("*@island R1 temperature=0.1\nR1 a 0 50")["islands"] == {"R1": {"temperature": "100 mK"}}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["R1 a 0 50", "V1 a b DC 0"], "line 3 ('V1 a b DC 0') is a voltage source: for the noise it is a short circuit"),
        (["V1 a b 0"], "remove the line and give its two nodes one name"),
        (["I1 a 0 1u"], "line 2 ('I1 a 0 1u') is a current source: for the noise it is an open circuit; remove the line"),
        (["D1 a 0 dmod"], "not linear"),
        (["Q1 c b e model"], "not linear"),
        (["E1 a 0 b 0 10"], "can amplify"),
        (["O1 a 0 b 0 lossy"], "lossy line"),
        (["1R a 0 50"], "begins with no letter of an element"),
        ([".model lossy ltra"], "describes elements that are not read"),
        ([".include other.cir"], "takes in another file"),
        ([".options temp=27"], "temperatures"),
        ([".temp 27"], "degrees Celsius, where 0.1 K is -273.05"),
        ([".func f(x) {x}"], "is not read, and may change the circuit"),
        ([".control"], "is not read"),
        (["R1 a 0"], "has 2 words behind its name, but must have two nodes and a value"),
        (["R1 a 0 50 60"], "has 4 words"),
        (["R1 a 0 {r"], "holds an expression"),
        (["R1 a a 50"], "has both ends at node 'a'"),
        (["R1 0 gnd 50"], "has both ends at node 'ground'"),
        (["R1 a 0 0"], "line 2 ('R1 a 0 0') holds '0': a resistor of 0 ohm is a wire; remove the line and give"),
        (["L1 a 0 0"], "an inductor of 0 H is a wire"),
        (["C1 a 0 0"], "a capacitor of 0 F is an open circuit; remove the line"),
        (["R1 a 0 -50"], "holds '-50', that is -50 ohm, but must have a resistance of 1e-06 to 1e+15 ohm"),
        (["C1 a 0 10"], "that is 10 F, but must have a capacitance"),
        (["R1 a 0 50q"], "line 2 ('R1 a 0 50q') holds '50q', whose suffix 'q' is not a scale factor"),
        (["R1 a 0 50 temp=27"], "degrees Celsius"),
        (["R1 a 0 50 noisy=0"], "every resistor radiates"),
        (["R1 a 0 50 m=2"], "multiplies the element"),
        (["R1 a 0 50 tc1=1m"], "depend on SPICE's temperature"),
        (["C1 a 0 1p ic=1"], "initial condition"),
        (["R1 a 0 50 iland=hot"], "has the parameter 'iland', which is not known here; did you mean `island`?"),
        (["C1 a 0 1p island=hot"], "has the parameter 'island', which is not known here"),
        (["R1 a 0 island=hot 50"], "has '50' behind its parameters"),
        (["R1 a 0 50 island=hot island=cold"], "gives 'island' twice"),
        (["R1 a 0 50 island="], "is not key=value"),
        (["R1 a 0 50 ;@ r=60"], "has a comment ;@ that does not name an island"),
        (["R1 a 0 50 ;@ hot"], "has a comment ;@ that does not name an island"),
        (["R1 a 0 50", "r1 b 0 50"], "line 3 ('r1 b 0 50') makes an element r1, a name that line 2 has taken"),
        (["L1 a 0 1n", "L2 b 0 1n", "K1 L1 L2 1"], "that is 1, but must have a pure number of -0.999999 to 0.999999"),
        (["L1 a 0 1n", "L2 b 0 1n", "K1 L1 L2 0"], "a coupling of 0 is none; remove the line"),
        (["L1 a 0 1n", "L2 b 0 1n", "K1 L1 L2"], "the names of two inductors and a coupling"),
        (["L1 a 0 1n", "L2 b 0 1n", "L3 b 0 1n", "K1 L1 L2 L3 0.5"], "the names of two inductors and a coupling"),
        (["L1 a 0 1n", "K1 L1 L1 0.5"], "couples an inductor with itself"),
        (["L1 a 0 1n", "L2 b 0 1n", "K1 L1 L2 .5", "K2 L2 L1 .5"], "couples an inductor with itself, or two that"),
        (["L1 a 0 1n", "C1 a 0 1p", "K1 L1 C1 0.5"], "couples 'C1', which is no inductor of the same circuit"),
        (["L1 a 0 1n", "K1 L1 L2 0.5"], "couples 'L2', which is no inductor"),
        (["T1 a 0 b 0"], "needs one characteristic impedance"),
        (["T1 a 0 b 0 Z0=50"], "needs one delay"),
        (["T1 a 0 b 0 Z0=50 TD=1n F=1G"], "needs one delay"),
        (["T1 a 0 b 0 Z0=50 TD=1n NL=1"], "needs one delay"),
        (["T1 a 0 b 0 Z0=50 F=1MHz NL=1"], "SPICE reads M as milli"),
        (["T1 a 0 b 0 Z0=0 TD=1n"], "must have a resistance of"),
        (["T1 a 0 b 0 Z0=50 TD=0"], "must have a time of"),
        (["T1 a 0 b 0 Z0=50 TD=1nF"], "whose suffix 'nF'"),
        (["T1 a 0 b 0 Z0=50 TD=1n REL=1"], "has the parameter 'rel', which is not known here"),
        (["T1 a 0 b c Z0=50 TD=1n"], "has a port that is not against the ground"),
        (["T1 0 0 b 0 Z0=50 TD=1n"], "has a port that is a short"),
        (["T1 a 0 a 0 Z0=50 TD=1n"], "has both ports at node 'a'"),
        (["T1 a 0 b Z0=50 TD=1n"], "must have four nodes"),
        (["R1 ground 0 50"], "names a node 'ground', which SPICE does not take for the ground"),
        (["R1 a 00 50"], "names a node '00'"),
        (["R1 a.b 0 50"], "gives 'a.b' as the name of a node"),
        (["R+ a 0 50"], "gives 'R+' as the name of an"),
        (["R1 a 0 {r}"], "uses {r}, which no .param gives"),
        ([".param rr=50", "R1 a 0 {r}"], "did you mean `rr`?"),
        ([".param r=50", "R1 a 0 {2*r}"], "holds an expression"),
        ([".param r=50", "R1 a 0 '2*r'"], "holds an expression"),
        ([".param r=50", "R1 a 0 {r}k"], "holds an expression"),
        ([".param r=s"], "gives 'r' the value 's', which is not a number"),
        ([".param r=1", ".param r=2"], "gives the parameter 'r' again"),
        ([".param"], "must hold name=number"),
        (["+ 50"], "continues a line, but there is none before it"),
        (["R1 a 0 50", ".end", "R2 a 0 50"], "line 4 ('R2 a 0 50') stands behind .end"),
        (["*"], "holds no elements"),
        ([".ac dec 10 1 1k"], "holds no elements"),
        (["X1 a b f"], "calls the subcircuit 'f', which is not defined"),
        (["X1"], "calls the subcircuit ''"),
        ([".subckt f a b", "R1 a b 1", ".ends", "X1 a f"], "names 1 nodes, but 'f' has 2"),
        ([".subckt f a b", "R1 a b 1", ".ends", "X1 a b f r=1"], "has the parameter 'r', which is not known here"),
        ([".subckt f a b r=1", "R1 a b {r}", ".ends", ".param r=2", "X1 a b f"], "of which SPICE programs read either"),
        ([".subckt f a b", "X1 a b f", ".ends", "X1 a b f"], "puts the subcircuit 'f' into itself"),
        ([".subckt f a b", "X1 a b g", ".ends", ".subckt g a b", "X1 a b f", ".ends", "X1 a b f"], "into itself"),
        ([".subckt f a b", "R1 a b 1"], "begins a subcircuit that does not end"),
        ([".subckt f a b", ".ends"], "holds no elements"),
        ([".subckt f a b", "R1 a b 1", ".ends g"], "ends another subcircuit"),
        ([".subckt f a b", ".subckt g a b"], "within another"),
        ([".subckt f a b", ".param r=1"], "parameters go into the .subckt line"),
        ([".subckt f a a", "R1 a b 1", ".ends"], "names a node twice"),
        ([".subckt f a 0", "R1 a b 1", ".ends"], "has the ground among its nodes"),
        ([".subckt f", "R1 a b 1", ".ends"], "needs a name and nodes"),
        (2 * [".subckt f a b", "R1 a b 1", ".ends"], "has the name of the subcircuit in line 2"),
        ([".ends"], "ends a subcircuit that has not begun"),
        ([".subckt f p", "R1 p m 1", "R2 m 0 1", ".ends", "X1 a f", "C1 X1-m a 1p"], "a node of another circuit has taken"),
        (["R1 a 0 50", "*@island hot temperature=1"], "names 'hot', to which no resistor belongs; the islands: R1"),
        (["R1 a 0 50", "*@island R1"], "must give either a temperature or a power"),
        (["R1 a 0 50", "*@island R1 temperature=1 power=1f"], "must give either a temperature or a power"),
        (["R1 a 0 50", "*@island R1 temperature=0.05K"], "SPICE reads the K as kilo"),
        (["R1 a 0 50", "*@island R1 temperature=-273"], "must have a temperature of 0.0001 to 100 K"),
        (["R1 a 0 50", "*@island R1 temperature=0.1", "*@island R1 power=1f"], "says again what island 'R1' is"),
        (["R1 a 0 50", "*@iland R1 temperature=0.1"], "is not a line that is read"),
    ],
)  # fmt: skip
def test_a_sentence_names_the_line_and_what_to_do(lines: list[str], sentence: str) -> None:
    assert sentence in refusal(*lines)


def test_subcircuits_that_multiply_are_refused() -> None:
    lines = [".subckt s0 a", "R1 a 0 1", ".ends"]
    for level in range(1, 9):
        lines += [f".subckt s{level} a", *[f"X{i} a s{level - 1}" for i in range(10)], ".ends"]
    assert "larger than 5,000 elements" in refusal(*lines, "X1 a s8")


def test_deep_subcircuits_are_refused() -> None:
    lines = [".subckt s0 a", "R1 a 0 1", ".ends"]
    for level in range(1, 3000):
        lines += [f".subckt s{level} a", f"X a s{level - 1}", ".ends"]
    assert "subcircuits within each other" in refusal(*lines, "X1 a s2999")


def test_a_subcircuit_does_not_see_the_parameters_of_its_caller() -> None:
    lines = [".subckt inner a", "R1 a 0 {r}", ".ends", ".subckt outer a r=1", "X1 a inner", "R1 a 0 {r}", ".ends"]
    assert "uses {r}, which no .param gives" in refusal(*lines, "X1 a outer")


def test_each_call_of_a_subcircuit_can_have_its_own_island_without_spice_seeing_it() -> None:
    netlist = """title
.subckt piece p ;@ island=cold
R1 p 0 50 ;@ island={island}
.ends
X1 a piece ;@ island=hot
X2 a piece
"""
    elements = read_spice(netlist)["elements"]
    assert [elements[name]["island"] for name in ("X1-R1", "X2-R1")] == ["hot", "cold"]


def test_an_unused_subcircuit_is_said() -> None:
    text = spice_to_device_file("title\n.subckt f a\nR1 a 0 1\n.ends\nR1 a 0 50\n")
    assert "# Line 2 defines a subcircuit that nothing calls: .subckt f a" in text


SNIPPETS = st.sampled_from(
    [
        "R1",
        "C1",
        "L1",
        "L2",
        "K1",
        "T1",
        "X1",
        "V1",
        "a",
        "b",
        "0",
        "gnd",
        "50",
        "10p",
        "1M",
        "{r}",
        "{r",
        "r=1",
        ".param",
        ".subckt",
        ".ends",
        "f",
        ".end",
        ".title",
        "*",
        ";",
        "$",
        "//",
        "+",
        ";@",
        "*@island",
        "island=hot",
        "temperature=0.1",
        "power=1f",
        "Z0=50",
        "TD=1n",
        "F=1G",
        "NL=.3",
        "params:",
        "=",
        "'",
        "é",
        "1e999",
        "\x00",
        "\ud800",
    ]
)
NETLIKE = st.lists(st.lists(SNIPPETS, max_size=7).map(" ".join), max_size=8).map(lambda lines: "\n".join(["", *lines]))


@given(NETLIKE | st.text())
def test_any_text_is_a_device_file_or_a_sentence(text: str) -> None:
    try:
        written = spice_to_device_file(text)
    except DeviceError:
        return
    assert tomllib.loads(written) == read_spice(text)


def test_the_command_writes_a_device_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    netlist, out = tmp_path / "two.cir", tmp_path / "two.toml"
    netlist.write_text(RLC + "*@island R1 temperature=0.3\n*@island R2 temperature=0.1\n", encoding="utf-8")
    assert cli.answer_to(["import", str(netlist)]) == 0
    printed = capsys.readouterr().out
    assert cli.answer_to(["import", str(netlist), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == printed
    assert cli.answer_to(["validate", str(out)]) == 0
    capsys.readouterr()
    assert cli.answer_to(["import", str(netlist), "--out", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
    netlist.write_text("title\nV1 a 0 1\n", encoding="utf-8")
    assert cli.answer_to(["import", str(netlist)]) == 2
    assert "line 2 ('V1 a 0 1') is a voltage source" in capsys.readouterr().err
