"""One command a file: options in, a report built, and rendered."""
