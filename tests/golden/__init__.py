"""Outputs that are kept: those of the samples as files here, those of the README inside it."""
