"""Published results redrawn and judged, and devices worth showing: one folder each, found by itself."""

from subkelvin.gallery.exhibit import Exhibit as Exhibit
from subkelvin.gallery.exhibit import Picture as Picture
from subkelvin.gallery.exhibit import exhibits as exhibits
from subkelvin.gallery.exhibit import targets as targets
from subkelvin.gallery.reproduce import reproduce as reproduce
