"""What a device is in memory."""

from subkelvin.model.device import Device as Device
from subkelvin.model.errors import ArgumentError as ArgumentError
from subkelvin.model.errors import DeviceError as DeviceError
from subkelvin.model.provenance import Origin as Origin
from subkelvin.model.provenance import Provenance as Provenance
from subkelvin.model.structure import GROUND as GROUND
from subkelvin.model.structure import Element as Element
from subkelvin.model.structure import Island as Island
from subkelvin.model.structure import Link as Link
from subkelvin.model.structure import MeasuredAdmittance as MeasuredAdmittance
from subkelvin.model.structure import Part as Part
from subkelvin.model.structure import Structure as Structure
from subkelvin.model.structure import Superconductor as Superconductor
