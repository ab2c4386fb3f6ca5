"""Small changes about a steady state: response and noise."""
