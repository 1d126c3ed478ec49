"""One answer on every road: the engine, compiled code, blocks of a file and exports."""
