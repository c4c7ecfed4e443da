"""Subsidies as tables, a file for each concern."""
