"""Figure 4: the second set-up. Cooling fins tie the right reservoir to the bath, whose temperature is swept."""

import xarray as xr
from matplotlib.figure import Figure

from subkelvin.gallery.ndtc.setup_figure import describe_setup, draw_figure
from subkelvin.gallery.ndtc.setups import compute_setup


def compute(admittance: str = "static") -> xr.DataTree:
    """Datasets of silver and of InAs on insulator; see `setup_dataset`."""
    return compute_setup(2, admittance)


def draw(tree: xr.DataTree) -> Figure:
    """The figure, two journal columns wide."""
    return draw_figure(tree, fins=True)


def describe(tree: xr.DataTree) -> list[str]:
    """What the figure shows, for its caption."""
    return describe_setup(tree, 2)
