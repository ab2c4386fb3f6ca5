"""Figure 3: the first set-up. A heater sweeps the right reservoir; the left one, under constant power, cools."""

import xarray as xr
from matplotlib.figure import Figure

from subkelvin.gallery.ndtc.setup_figure import describe_setup, draw_figure
from subkelvin.gallery.ndtc.setups import compute_setup


def compute(admittance: str = "static") -> xr.DataTree:
    """Datasets of silver and of InAs on insulator; see `setup_dataset`."""
    return compute_setup(1, admittance)


def draw(tree: xr.DataTree) -> Figure:
    """The figure, two journal columns wide."""
    return draw_figure(tree, fins=False)


def describe(tree: xr.DataTree) -> list[str]:
    """What the figure shows, for its caption."""
    return describe_setup(tree, 1)
