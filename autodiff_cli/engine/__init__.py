"""Linearise at a point, then sweep forward or in reverse over the same partials."""
