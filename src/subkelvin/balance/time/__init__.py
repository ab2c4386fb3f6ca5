"""How temperatures change in time."""
