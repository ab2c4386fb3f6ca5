"""The table of all keys of a device file, made from the vocabulary.

``python -m subkelvin.devicefile.reference docs/device-file.md`` renews it in the documentation.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.files import write_whole
from subkelvin.heat.links import LINK_KINDS
from subkelvin.model.vocabulary import ISLAND, METAL, PART, SUPERCONDUCTOR, Field

BEGIN, END = "<!-- table of keys: generated -->", "<!-- end of the generated table -->"


def table_of_keys() -> str:
    """Every number a device file can hold, with unit, default, range and meaning, as Markdown."""
    sections: list[tuple[str, Mapping[str, Field]]] = [
        ("[superconductors.NAME]", SUPERCONDUCTOR),
        ("[metals.NAME]", METAL),
        ("[islands.NAME]", ISLAND),
        ("parts of [islands.NAME]", PART),
        *((f'[elements.NAME], kind = "{kind.name}"', kind.numbers) for kind in ELEMENT_KINDS.values()),
        *((f'[links.NAME], kind = "{kind.name}"', kind.numbers) for kind in LINK_KINDS.values()),
    ]
    lines = ["| table | key | SI unit | example | default | range (SI) | meaning |", "|---|---|---|---|---|---|---|"]
    for section, fields in sections:
        lines += [
            f"| `{section}` | {_row(key, field)} |" for key, field in fields.items() if not key.endswith("_exponent")
        ]
    return "\n".join(lines)


def _row(key: str, field: Field) -> str:
    default = "required" if field.default is None else "absent" if field.optional else f"{field.default:g}"
    allowed = f"{'0, ' if field.zero else ''}{field.low:g} … {field.high:g}"
    return " | ".join([f"`{key}`", field.unit or "–", f"`{field.example}`", default, allowed, field.meaning])


def with_table(page: str) -> str:
    """A page of the documentation with the table between its marks renewed."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table_of_keys()}\n\n{END}{after}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    page = with_table(target.read_text(encoding="utf-8"))
    write_whole(target, lambda finished: finished.write_text(page, encoding="utf-8"))
