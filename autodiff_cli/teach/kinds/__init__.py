"""Kinds of questions, one a file: from a draft to what is asked and how it is marked."""
