"""Device files: TOML to Device and back. What people write, and its sentences."""

from subkelvin.devicefile.dump import dump as dump
from subkelvin.devicefile.load import load as load
from subkelvin.devicefile.load import loads as loads
from subkelvin.devicefile.load import preset as preset
from subkelvin.devicefile.load import preset_names as preset_names
from subkelvin.devicefile.load import preset_text as preset_text
from subkelvin.devicefile.load import starting_text as starting_text
from subkelvin.devicefile.make import describe as describe
from subkelvin.devicefile.make import make_device as make_device
from subkelvin.devicefile.save import save as save
from subkelvin.devicefile.validate import validate as validate
