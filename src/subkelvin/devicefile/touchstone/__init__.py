"""Touchstone files of one-ports and two-ports, read as tables of admittances."""

from subkelvin.devicefile.touchstone.admittance import read_touchstone as read_touchstone
from subkelvin.devicefile.touchstone.admittance import read_touchstone_with_remarks as read_touchstone_with_remarks
