"""What power flows: photons by the closed form or the integral, and every path by name."""
