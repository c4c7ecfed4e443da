"""Money due for days away from home."""
