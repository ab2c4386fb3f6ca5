"""What power flows: photons by one of six routes, links, electron-phonon, and every path by name."""
