"""Any text and any command line: an answer or one clear error, in time. `python -m tests.fuzz`."""
