"""Mathematics without physics."""
