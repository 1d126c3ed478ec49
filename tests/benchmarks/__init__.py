"""Speed, measured: no part of the tests, because a machine's speed is no property of the code."""
