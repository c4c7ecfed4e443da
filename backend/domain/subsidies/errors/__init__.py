"""Situations in which something about subsidies cannot be done, a file for each concern."""
