"""How an answer looks: one file a format, and no mathematics."""
