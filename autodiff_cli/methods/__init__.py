"""Derivatives without our rules: differences, complex steps, single precision, other libraries."""
