"""Data with sources: what the metals, superconductors and barriers of these devices are made of."""

from subkelvin.materials.library import LIBRARY as LIBRARY
from subkelvin.materials.library import cite as cite
from subkelvin.materials.library import material as material
from subkelvin.materials.records import Material as Material
from subkelvin.materials.records import NormalMetal as NormalMetal
from subkelvin.materials.records import Quantity as Quantity
from subkelvin.materials.records import Superconductor as Superconductor
from subkelvin.materials.records import TunnelBarrier as TunnelBarrier
from subkelvin.materials.sources import BIBLIOGRAPHY as BIBLIOGRAPHY
from subkelvin.materials.sources import METHODS as METHODS
from subkelvin.materials.sources import Source as Source
from subkelvin.materials.sources import bibliography as bibliography
