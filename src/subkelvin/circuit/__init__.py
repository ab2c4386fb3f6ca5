"""What photons see: branches, nodal analysis, transmission."""
