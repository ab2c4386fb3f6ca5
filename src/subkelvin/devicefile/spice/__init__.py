"""SPICE netlists of linear elements, read as device files."""

from subkelvin.devicefile.spice.netlist import read_spice as read_spice
from subkelvin.devicefile.spice.netlist import spice_to_device_file as spice_to_device_file
