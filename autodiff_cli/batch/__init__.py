"""Files that are bigger than one block: block by block, in memory that does not grow."""
