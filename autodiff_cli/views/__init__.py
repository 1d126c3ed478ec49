"""Reports to text: one output format a file. Formats know reports, never engines."""
