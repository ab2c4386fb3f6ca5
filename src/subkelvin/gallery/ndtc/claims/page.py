"""The claims on one page: a verdict for each, the false ones first, with the number that decides and its limit."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from subkelvin.gallery.ndtc.claims.rule import Verdict

MARKS = {True: "✓", False: "✗", None: "·"}
EVERYWHERE, SOMEWHERE, FALSE, INFORMS = "everywhere", "somewhere", "false", "informs"
SECTIONS = {
    FALSE: "False",
    SOMEWHERE: "True at the reference, false at other ω_c",
    EVERYWHERE: "True",
    INFORMS: "Without a limit",
}
"""In the order of the page."""


def page(verdicts: Sequence[Verdict], reference: float, admittance: str, table: str) -> str:
    """The page as Markdown.

    Args:
        verdicts: in the order of the paper.
        reference: ω_c of the presets [rad/s].
        admittance: of the junctions.
        table: name of the file with the whole table.
    """
    sections: dict[str, list[Verdict]] = {name: [] for name in SECTIONS}
    for verdict in verdicts:
        sections[section_of(verdict)].append(verdict)
    true = len(sections[EVERYWHERE]) + len(sections[SOMEWHERE])
    cutoffs = _cutoffs(verdicts)
    partly = f" ({len(sections[SOMEWHERE])} of them not at every ω_c)" if sections[SOMEWHERE] else ""
    summary = (
        f"**{len(sections[FALSE])} of {len(verdicts)} are false**, {true} are true{partly}, {len(sections[INFORMS])} without a "
        f"limit. Reference: the parameters of the presets, ω_c = {reference:.3g} rad/s, {admittance} admittance."
    )
    marks = (
        f" Marks over ω_c stand for {', '.join(f'{cutoff:.3g}' for cutoff in cutoffs)} rad/s in turn (✓ true, ✗ false there)."
        if len(cutoffs) > 1
        else ""
    )
    assumed = (
        "The numbers of the paper's device are not in its accessible text: the parameters are assumed."
        f"{marks} Every number with its remarks: [{table}]({table})."
    )
    lines = ["# Claims of the paper: what came out", "", summary, "", assumed]
    for name, heading in SECTIONS.items():
        if sections[name]:
            lines += ["", f"## {heading} ({len(sections[name])})"]
            for topic, group in groupby(sections[name], key=lambda verdict: verdict.rule.topic):
                lines += ["", f"### {topic}", "", *_rows(list(group), name, len(cutoffs))]
    return "\n".join([*lines, ""])


def section_of(verdict: Verdict) -> str:
    """Where a claim stands on the page."""
    if verdict.true is None:
        return INFORMS
    if verdict.true is False:
        return FALSE
    return EVERYWHERE if all(true for _, true in verdict.against_cutoff.values()) else SOMEWHERE


def short_number(value: float) -> str:
    """Three digits; a dash for a number that does not exist."""
    return f"{value:.3g}" if value == value else "–"


def _rows(verdicts: Sequence[Verdict], section: str, cutoffs: int) -> list[str]:
    """A table of claims; those that differ in the device alone share a row."""
    heading = ["claim", "number that decides", "value", "limit"]
    heading += ["over ω_c"] if section in (FALSE, SOMEWHERE) and cutoffs > 1 else []
    heading += ["remark"] if section == FALSE else []
    rows = ["| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    for family in _families(verdicts):
        rule = family[0].rule
        claim, values = rule.claim.rstrip("."), short_number(family[0].number)
        if len(family) > 1:
            claim = _stem(family[0])
            values = "; ".join(f"{short_number(one.number)} ({_variant(one)})" for one in family)
        marks = "; ".join(dict.fromkeys(map(_marks, family)))
        remarks = "; ".join(dict.fromkeys(_remark(one) for one in family))
        cells = {
            "claim": f"{MARKS[family[0].true]} {claim}",
            "number that decides": rule.quantity,
            "value": values,
            "limit": rule.limit,
            "over ω_c": marks,
            "remark": remarks,
        }
        rows.append("| " + " | ".join(cells[column].replace("|", "/") for column in heading) + " |")
    return rows


def _remark(verdict: Verdict) -> str:
    """The first statement of a note; the table has the whole note."""
    first = verdict.note.split("; ")[0]
    return first.partition(" (")[0] if first.count("(") != first.count(")") else first.rstrip(".")


def _families(verdicts: Iterable[Verdict]) -> list[list[Verdict]]:
    """Claims that say the same of several devices, in the order in which they first occur."""
    families: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        families.setdefault((_stem(verdict), verdict.rule.quantity, verdict.rule.limit), []).append(verdict)
    return list(families.values())


def _stem(verdict: Verdict) -> str:
    """A claim without the device at its end."""
    return verdict.rule.claim.rpartition(": ")[0] or verdict.rule.claim


def _variant(verdict: Verdict) -> str:
    """The device at the end of a claim."""
    return verdict.rule.claim.rpartition(": ")[2]


def _marks(verdict: Verdict) -> str:
    """One mark for each ω_c; nothing where the evidence exists at the reference alone."""
    return "" if verdict.rule.only_at_reference else "".join(MARKS[true] for _, true in verdict.against_cutoff.values())


def _cutoffs(verdicts: Iterable[Verdict]) -> list[float]:
    return sorted({cutoff for verdict in verdicts for cutoff in verdict.against_cutoff})
