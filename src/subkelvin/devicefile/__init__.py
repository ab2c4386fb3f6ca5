"""Device files: TOML to Device and back. Units live here and nowhere below."""

from subkelvin.devicefile.dump import dump as dump
from subkelvin.devicefile.load import load_device as load_device
from subkelvin.devicefile.load import loads as loads
from subkelvin.devicefile.load import preset as preset
from subkelvin.devicefile.load import preset_names as preset_names
from subkelvin.devicefile.load import preset_text as preset_text
from subkelvin.devicefile.load import starting_text as starting_text
from subkelvin.devicefile.validate import validate as validate
