"""Situations in which something about careers cannot be done, a file for each concern."""
