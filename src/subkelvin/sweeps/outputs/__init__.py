"""What a sweep can answer at a point: one record a kind, and the text by which a user asks for it."""
