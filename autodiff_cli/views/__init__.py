"""What is said of an answer, and in which order: one file a kind, for every format."""
