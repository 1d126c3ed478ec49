"""What a reader should know of an answer: kinks, domains, overflow, and what mends them."""
