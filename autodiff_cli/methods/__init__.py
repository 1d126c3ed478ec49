"""Derivatives without our rules: differences, complex steps, float32, other libraries."""
