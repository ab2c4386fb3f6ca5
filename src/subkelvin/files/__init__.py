"""Files of a user: read up to a limit and without waiting for a pipe, written whole or not at all."""

from subkelvin.files.read import read_file as read_file
from subkelvin.files.read import without_byte_order_mark as without_byte_order_mark
from subkelvin.files.write import all_or_nothing as all_or_nothing
from subkelvin.files.write import write_new as write_new
from subkelvin.files.write import write_whole as write_whole
