"""Where the temperatures of a device settle."""
