"""The claims as a page to read, with the whole table behind it, as JSON, and as a figure."""

import json
from pathlib import Path

from subkelvin.gallery.caption import caption
from subkelvin.gallery.exhibit import with_admittance
from subkelvin.gallery.files import write_figure, write_json
from subkelvin.gallery.ndtc.claims import figure
from subkelvin.gallery.ndtc.claims.assumptions import check_rules, window_rules
from subkelvin.gallery.ndtc.claims.cutoff import PRESETS
from subkelvin.gallery.ndtc.claims.drop import drop_rules
from subkelvin.gallery.ndtc.claims.evidence import gather
from subkelvin.gallery.ndtc.claims.heat import heat_rules, junction_rules
from subkelvin.gallery.ndtc.claims.page import page
from subkelvin.gallery.ndtc.claims.rule import Rule, Verdict, judge
from subkelvin.progress import Progress
from subkelvin.version import VERSION

WORDS = {True: "true", False: "**false**", None: "informs"}


def all_rules(admittance: str = "static") -> list[Rule]:
    """All claims, in the order of the paper."""
    return [*junction_rules(), *heat_rules(), *drop_rules(), *check_rules(admittance), *window_rules()]


def write(folder: Path, progress: Progress | None = None, admittance: str = "static") -> list[Verdict]:
    """Judge every claim and write the page ``claims.md``, the table ``claims-table.md``, ``claims.json`` and the figure ``claims``.

    Args:
        folder: to write to.
        progress: told of every figure and study.
        admittance: of the junctions; the files of the dynamic one end in ``-dynamic``, and it is judged at the presets' ω_c alone.
    """
    stem = "claims-dynamic" if admittance == "dynamic" else "claims"
    devices = {name: with_admittance(name, admittance) for name in PRESETS}
    study, evidence = gather(progress, admittance)
    reference = float(study.attrs["reference_cutoff"])
    verdicts = judge(all_rules(admittance), evidence, reference)
    behind = f"{stem}-table.md"
    (folder / f"{stem}.md").write_text(page(verdicts, reference, admittance, behind), encoding="utf-8")
    (folder / behind).write_text(table(verdicts, reference, admittance), encoding="utf-8")
    write_json(
        folder / f"{stem}.json",
        {
            "version": VERSION,
            "admittance": study.attrs["admittance"],
            "reference_cutoff_rad_per_s": reference,
            "assumed": {name: json.loads(json.dumps(device.provenance.assumed)) for name, device in devices.items()},
            "claims": [verdict.to_dict() for verdict in verdicts],
        },
    )
    if admittance == "static":
        write_figure(folder, "claims", figure.draw(study), study, caption(figure.describe(study), devices))
    return verdicts


def table(verdicts: list[Verdict], reference: float, admittance: str = "static") -> str:
    """Every claim against ω_c, with all remarks."""
    lines = [
        "# Claims of the paper: the table",
        "",
        (
            f"Reference: the presets, ω_c = {reference:.4g} rad/s, {admittance} admittance; other ω_c are reached by changing ρ "
            "at constant c and areas."
        ),
    ]
    cutoffs = sorted({cutoff for verdict in verdicts for cutoff in verdict.against_cutoff})
    topic = ""
    for verdict in verdicts:
        if verdict.rule.topic != topic:
            topic = verdict.rule.topic
            lines += [
                "",
                f"## {topic}",
                "",
                "| claim | number | value | limit | verdict | "
                + " | ".join(f"ω_c = {c:.3g}" for c in cutoffs)
                + " | remarks |",
                "|---|---|---|---|---|" + "---|" * len(cutoffs) + "---|",
            ]
        cells = [_cell(*verdict.against_cutoff[c]) if c in verdict.against_cutoff else "" for c in cutoffs]
        remarks = "; ".join(text for text in (verdict.where_true, verdict.note) if text)
        row = [
            verdict.rule.claim,
            verdict.rule.quantity,
            _number(verdict.number),
            verdict.rule.limit,
            WORDS[verdict.true],
            *cells,
            remarks,
        ]
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |")
    lines += ["", "✗: false there. A dash: the number does not exist there (no such maximum, or no steady state).", ""]
    return "\n".join(lines)


def _cell(number: float, true: bool | None) -> str:
    return _number(number) + (" ✗" if true is False else "")


def _number(value: float) -> str:
    return f"{value:.4g}" if value == value else "–"
