"""Sweeps drawn: any output against any axes."""
