"""Text to graph: tokens, brackets, a parser without recursion, mends of its errors."""
