"""A device as arrays: its heat flows, heat capacities, and the route of its photonic heat."""
