"""A drawing program for circuits, their islands and the heat between them."""
