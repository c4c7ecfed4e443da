"""Reading subsidies, a file for each concern."""
