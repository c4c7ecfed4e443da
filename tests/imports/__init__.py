"""Rosters: how cells are understood, what is refused, what is written."""
