"""Why, and practice: derivations with a named rule a line."""
