"""What holds for all tests: none touches what the program remembers of whoever runs them."""

import os

os.environ["XDG_STATE_HOME"] = os.devnull
