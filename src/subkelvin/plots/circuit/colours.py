"""The colour of a temperature, and its scale beside the heat."""

import math
from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.ticker import MaxNLocator

from subkelvin.plots.circuit.page import FONT, VALUE_SIZE, Page
from subkelvin.plots.style import INK

BAR_WIDTH, BAR_GAP, BAR_ROOM = 3.0, 5.0, 19.0
"""Width of the colour bar, room on its left, and all the room it needs [mm]."""
LOWEST_BAR, HIGHEST_BAR = 22.0, 34.0
"""Heights of the bar: its name fits beside the lowest [mm]."""
UNKNOWN = (0.92, 0.92, 0.92, 1.0)
"""Grey, for an island without a temperature."""


class TemperatureColours:
    """The colour of a temperature, and of ink that is legible on it."""

    def __init__(self, temperatures: Mapping[str, float]) -> None:
        self.temperatures = temperatures
        known = [1e3 * kelvin for kelvin in temperatures.values() if math.isfinite(kelvin)]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if low == high:
            low, high = 0.9 * low, 1.1 * high
        self.known, self.norm = bool(known), Normalize(low, high)
        self.map: Colormap = LinearSegmentedColormap.from_list(
            "temperature", mpl.colormaps["plasma"]([0.12 + 0.83 * step / 255.0 for step in range(256)])
        )

    def of(self, island: str) -> tuple[float, ...]:
        """Grey where the temperature is not known."""
        kelvin = self.temperatures[island]
        return tuple(self.map(self.norm(1e3 * kelvin))) if math.isfinite(kelvin) else UNKNOWN

    def ink_on(self, island: str) -> str:
        red, green, blue = self.of(island)[:3]
        return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.45 else "white"


def draw_colour_bar(page: Page, colours: TemperatureColours, x: float, middle: float, height: float) -> None:
    """The scale of temperatures, right of the heat."""
    if not colours.known:
        return
    height = min(height, HIGHEST_BAR)
    left, bottom = page.at((x, middle - height / 2.0))
    size = VALUE_SIZE * page.scale * page.zoom * page.type_zoom
    inset = page.axes.inset_axes(
        (left, bottom, page.zoom * BAR_WIDTH, page.zoom * height), transform=page.axes.transData
    )
    figure = page.axes.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(ScalarMappable(colours.norm, colours.map), cax=inset)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_locator(MaxNLocator(4))
    bar.ax.tick_params(labelsize=size, length=0.25 * size, width=0.5, pad=0.25 * size, labelfontfamily=FONT)
    # Turned, so that it reads downwards beside the numbers.
    bar.set_label("Temperature (mK)", fontsize=size, fontfamily=FONT, labelpad=1.6 * size, rotation=270)
