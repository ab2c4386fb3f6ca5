"""A SINIS cooler: M. M. Leivo, J. P. Pekola and D. V. Averin, Appl. Phys. Lett. 68, 1996 (1996)."""

from subkelvin.gallery.exhibit import Exhibit, Picture

EXHIBIT = Exhibit(
    key="leivo1996",
    title="A SINIS cooler from 300 to 100 mK",
    source="leivo1996",
    pictures=(Picture("leivo1996", "cooler", ("leivo-1996",)),),
)
