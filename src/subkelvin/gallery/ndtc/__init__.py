"""Photonic NDTC of two NISIN reservoirs: the paper, arXiv 2503.16295."""

from subkelvin.gallery.exhibit import Exhibit, Picture

SETUPS = tuple(f"{material}-setup-{number}" for number in (1, 2) for material in ("silver", "inas"))
EXHIBIT = Exhibit(
    key="ndtc",
    title="Photonic negative differential thermal conductance of two NISIN reservoirs",
    source="pioldi2025",
    pictures=(
        Picture("fig1", "fig1", ("silver-setup-1",)),
        Picture("fig2", "fig2", ("silver-setup-1",), both_models=True),
        Picture("fig3", "fig3", SETUPS[:2], both_models=True),
        Picture("fig4", "fig4", SETUPS[2:], both_models=True),
        Picture("admittance", "admittance", SETUPS, compares=True),
    ),
    claims=True,
    shown_by_default=True,
)
