"""Questions asked of a steady state: conductance and NDTC, performance, validity, report."""
