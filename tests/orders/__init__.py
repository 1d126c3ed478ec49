"""Taylor arithmetic against mpmath's `taylor`, which knows no derivative rule."""
