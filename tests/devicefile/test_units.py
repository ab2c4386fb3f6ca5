"""Quantities as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.circuit.elements.junction import NUMBERS
from subkelvin.model import DeviceError
from subkelvin.model.quantities import Coupling, format_quantity, parse_coupling, parse_quantity, registry
from subkelvin.model.vocabulary import ISLAND, METAL, PART, SUPERCONDUCTOR, Field

ALL_FIELDS = [
    field
    for fields in (ISLAND, PART, METAL, SUPERCONDUCTOR, *(kind.numbers for kind in ELEMENT_KINDS.values()))
    for key, field in fields.items()
    if key not in ("electron_phonon", "electron_phonon_exponent")
]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("30 mK", ISLAND["temperature"], 0.03),
        ("1.2K", ISLAND["temperature"], 1.2),
        ("+5e1 mK", ISLAND["temperature"], 0.05),
        ("-10 fW", ISLAND["power"], -1e-14),
        ("10 fW", ISLAND["power"], 1e-14),
        ("10 fJ/s", ISLAND["power"], 1e-14),
        ("1 pV mA", ISLAND["power"], 1e-15),
        ("0.006 um^3", PART["volume"], 6e-21),
        ("0.006 um**3", PART["volume"], 6e-21),
        ("0.006 µm³", PART["volume"], 6e-21),
        ("0.006 μm^3", PART["volume"], 6e-21),
        ("0.006 um um um", PART["volume"], 6e-21),
        ("20 nohm m", PART["resistivity"], 2e-8),
        ("20 nΩ·m", PART["resistivity"], 2e-8),
        ("20 nΩ*m", PART["resistivity"], 2e-8),
        ("10 ohm um^2", NUMBERS["specific_resistance"], 1e-11),
        ("50 fF/um^2", NUMBERS["specific_capacitance"], 0.05),
        ("50 fF um^-2", NUMBERS["specific_capacitance"], 0.05),
        ("50 fF µm⁻²", NUMBERS["specific_capacitance"], 0.05),
        ("63 J m^-3 K^-2", METAL["sommerfeld"], 63.0),
        ("63 J/(m^3 K^2)", METAL["sommerfeld"], 63.0),
        (1e-4, SUPERCONDUCTOR["dynes"], 1e-4),
        (0, SUPERCONDUCTOR["dynes"], 0.0),
        ("1e-4", SUPERCONDUCTOR["dynes"], 1e-4),
        (2, NUMBERS["junctions"], 2.0),
    ],
)
def test_a_quantity_becomes_the_float_nearest_to_its_si_value(text: object, field: Field, value: float) -> None:
    # Equality: the conversion is decimal until its last step.
    assert parse_quantity(text, field, "key") == value


@pytest.mark.parametrize(
    ("text", "field", "problem", "advice"),
    [
        ("10 mK", ISLAND["power"], "must be a power, but is '10 mK'", 'try "10 fW"'),
        (10, ISLAND["power"], "must be a power with a unit, but is the bare number 10", 'try "10 fW"'),
        ("10", ISLAND["power"], "must be a power with a unit, but is the bare number '10'", 'try "10 fW"'),
        (
            5e3,
            ISLAND["temperature"],
            "must be a temperature with a unit, but is the bare number 5000.0",
            'try "5000 mK"',
        ),
        (1e9, ISLAND["temperature"], "must be a temperature with a unit", 'try "50 mK"'),
        ("0.3 k", ISLAND["temperature"], "'k' in '0.3 k' is not a unit", 'try "0.3 K"'),
        ("300 MK", ISLAND["temperature"], "must be a temperature of 0.0001 to 100 K, but is '300 MK'", 'try "300 mK"'),
        ("300 mk", ISLAND["temperature"], "is not a unit", 'try "300 mK"'),
        ("20 degC", ISLAND["temperature"], "is not a unit", 'try "50 mK"'),
        ("-50 mK", ISLAND["temperature"], "must be a temperature of", 'try "50 mK"'),
        ("0 K", ISLAND["temperature"], "must be a temperature of", 'try "50 mK"'),
        ("nan K", ISLAND["temperature"], "must be a finite temperature, but is 'nan K'", 'try "50 mK"'),
        ("inf K", ISLAND["temperature"], "must be a finite temperature", 'try "50 mK"'),
        ("1e9999 K", ISLAND["temperature"], "must be a temperature of", 'try "50 mK"'),
        (math.nan, ISLAND["temperature"], "must be a finite temperature, but is nan", 'try "50 mK"'),
        ("0.006 um3", PART["volume"], "is not a unit", 'try "0.006 um^3"'),
        ("1 um^2", PART["volume"], "must be a volume, but is '1 um^2'", 'try "0.006 um^3"'),
        ("10 FW", ISLAND["power"], "is not a unit", 'try "10 fW"'),
        ("10 fWs", ISLAND["power"], "is not a unit", 'try "10 fW"'),
        ("fW", ISLAND["power"], "must be a power, but is 'fW'", 'try "10 fW"'),
        ("", ISLAND["power"], "must be a power, but is ''", 'try "10 fW"'),
        (True, ISLAND["power"], "must be a power, but is true", 'try "10 fW"'),
        (["10 fW"], ISLAND["power"], "must be a power", 'try "10 fW"'),
        ("9**9**9**9 W", ISLAND["power"], "is not a unit", 'try "10 fW"'),
        ("1 W^(9^9^9)", ISLAND["power"], "is not a unit", 'try "10 fW"'),
        (-1e-4, SUPERCONDUCTOR["dynes"], "must be a pure number of 0 or 1e-15 to 0.1, but is -0.0001", "try 1e-4"),
        (0.2, SUPERCONDUCTOR["dynes"], "must be a pure number of", "try 1e-4"),
        (10**400, SUPERCONDUCTOR["dynes"], "must be a finite pure number", "try 1e-4"),
        (math.inf, SUPERCONDUCTOR["dynes"], "must be a finite pure number", "try 1e-4"),
        ("1 K", SUPERCONDUCTOR["dynes"], "must be a number without a unit, but is '1 K'", "try 1e-4"),
        (False, SUPERCONDUCTOR["dynes"], "must be a number without a unit, but is false", "try 1e-4"),
    ],
)
def test_what_is_no_such_quantity_is_refused_with_advice(text: object, field: Field, problem: str, advice: str) -> None:
    with pytest.raises(DeviceError) as caught:
        parse_quantity(text, field, "islands.left.key")
    assert caught.value.path == "islands.left.key"
    assert problem in caught.value.problem
    assert caught.value.advice == advice


def test_an_integer_too_long_for_python_to_print_is_refused() -> None:
    with pytest.raises(DeviceError, match=r"bare number a number of thousands of digits; try \"10 fW\""):
        parse_quantity(10**5000, ISLAND["power"], "key")


def test_every_suggestion_of_the_vocabulary_is_itself_accepted() -> None:
    for field in ALL_FIELDS:
        example = field.example.strip('"') if field.unit else float(field.example)
        assert field.holds(parse_quantity(example, field, "key"))


@pytest.mark.parametrize("exponent", [2.0, 4.0, 4.5, 5.0, 6.0, 7.0])
def test_the_exponent_of_a_coupling_is_read_off_its_unit(exponent: float) -> None:
    field = METAL["electron_phonon"]
    assert parse_coupling(f"0.5e9 W m^-3 K^-{exponent:g}", field, "key") == Coupling(0.5e9, exponent)
    assert parse_coupling(f"0.5 nW/um^3/K^{exponent:g}", field, "key") == Coupling(0.5e9, exponent)


@pytest.mark.parametrize(
    "text", ["0.5e9 W m^-3", "0.5e9 W m^-3 K^5", "0.5e9 W m^-3 K^-1", "0.5e9 W m^-3 K^-50", "0.5e9 W K^-5",
             "0.5e9 J m^-3 K^-5", "1e99 W m^-3 K^-5",
             "-1e9 W m^-3 K^-5", "nan W m^-3 K^-5", "0.5e9", 0.5e9, True, "W m^-3 K^-5"],
)  # fmt: skip
def test_what_is_no_coupling_is_refused(text: object) -> None:
    with pytest.raises(DeviceError, match="electron-phonon coupling"):
        parse_coupling(text, METAL["electron_phonon"], "metals.Ag.electron_phonon")


def test_a_superconductor_couples_with_the_fifth_power_only() -> None:
    field = SUPERCONDUCTOR["electron_phonon"]
    assert parse_coupling("3e8 W m^-3 K^-5", field, "key") == Coupling(3e8, 5.0)
    with pytest.raises(DeviceError, match="only exponent"):
        parse_coupling("3e8 W m^-3 K^-6", field, "key")


@given(st.sampled_from(ALL_FIELDS), st.floats(0.0, 1.0))
def test_a_written_value_reads_back_to_the_last_bit(field: Field, fraction: float) -> None:
    low = max(field.low, 1e-30)
    value = low * (field.high / low) ** fraction
    value = min(max(value, field.low), field.high)
    text = format_quantity(value, field)
    assert parse_quantity(text.strip('"') if field.unit else float(text), field, "key") == value


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[+-]?[0-9.e]{1,6} ?[a-zA-Zµ°Ω^*/() ⁻²³0-9-]{0,12}", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.text(max_size=3), max_size=2),
    st.datetimes(),
)


@given(HOSTILE, st.sampled_from([*ALL_FIELDS, METAL["electron_phonon"], SUPERCONDUCTOR["electron_phonon"]]))
def test_hostile_values_give_a_value_in_range_or_a_sentence(text: object, field: Field) -> None:
    parse = parse_coupling if field.quantity == "electron-phonon coupling" else parse_quantity
    sentence, value = "", field.low
    try:
        parsed = parse(text, field, "key")
        value = parsed.value if isinstance(parsed, Coupling) else parsed
    except DeviceError as error:
        sentence = str(error)
    assert field.holds(value)
    assert sentence == "" or sentence.startswith("`key` must be")


def test_units_with_two_meanings_do_not_exist() -> None:
    for text in ("k", "c", "degC", "min", "a", "h", "hbar", "%", "count", "eV"):
        assert text not in registry()


@pytest.mark.parametrize(
    "unit", ["um^0", "um^-0", "um^00", "um^0.0", "um⁰", "um**0", "W um^0", "W/um^0", "um^2 um^0 um"]
)
def test_a_power_of_zero_is_no_unit(unit: str) -> None:
    # pint would answer the first with a KeyError.
    with pytest.raises(DeviceError, match=r"is not a unit that device files use"):
        parse_quantity(f"0.01 {unit}", PART["volume"], "key")


@pytest.mark.parametrize("unit", ["um^1.5 um^1.5", "um^3.0", "um^10 um^-7"])
def test_other_powers_are_units(unit: str) -> None:
    assert parse_quantity(f"0.01 {unit}", PART["volume"], "key") == 1e-20
