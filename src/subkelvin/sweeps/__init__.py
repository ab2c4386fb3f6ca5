"""Labelled axes in, labelled results with units and provenance out."""
