"""What matter does, as plain functions of arrays."""
