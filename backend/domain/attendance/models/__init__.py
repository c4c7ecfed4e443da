"""The tables of presence, a file for each concern."""
