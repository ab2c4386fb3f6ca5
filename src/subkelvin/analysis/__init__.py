"""Questions asked of a steady state: conductance and NDTC, response, optimum, hysteresis, validity, area window, report."""
