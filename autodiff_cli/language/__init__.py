"""Text to graph: tokens, brackets, a parser without recursion, and the mends of its errors."""
