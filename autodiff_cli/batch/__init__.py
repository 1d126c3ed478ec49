"""Files that are bigger than one block, block by block."""
