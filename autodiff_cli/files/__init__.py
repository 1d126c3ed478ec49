"""Columns of numbers in files, and rows out: CSV and Parquet, in blocks of rows."""
