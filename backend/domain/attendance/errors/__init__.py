"""Situations in which something about presence cannot be done, a file for each concern."""
