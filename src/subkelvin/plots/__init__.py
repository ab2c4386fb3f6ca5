"""Pictures: one function per figure type, from a dataset to axes. Nothing is computed here."""

from subkelvin.plots.branches import draw_branches as draw_branches
from subkelvin.plots.branches import draw_number_of_states as draw_number_of_states
from subkelvin.plots.conductance import RIGHT_TEMPERATURE as RIGHT_TEMPERATURE
from subkelvin.plots.conductance import draw_cold_end as draw_cold_end
from subkelvin.plots.conductance import draw_conductance as draw_conductance
from subkelvin.plots.conductance import draw_heat as draw_heat
from subkelvin.plots.conductance import draw_negative_ranges as draw_negative_ranges
from subkelvin.plots.junction import draw_resistance_ratio as draw_resistance_ratio
from subkelvin.plots.response import draw_drop as draw_drop
from subkelvin.plots.response import draw_power_key as draw_power_key
from subkelvin.plots.response import draw_responsivity as draw_responsivity
from subkelvin.plots.response import draw_temperature as draw_temperature
from subkelvin.plots.style import DOUBLE_COLUMN as DOUBLE_COLUMN
from subkelvin.plots.style import SINGLE_COLUMN as SINGLE_COLUMN
from subkelvin.plots.style import journal_style as journal_style
from subkelvin.plots.style import label_panels as label_panels
from subkelvin.plots.style import name_admittance as name_admittance
from subkelvin.plots.style import new_figure as new_figure
from subkelvin.plots.sweep.draw import draw_sweep as draw_sweep
