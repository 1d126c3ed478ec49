"""Text to graph and back: tokens, parser, printer."""
