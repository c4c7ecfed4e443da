"""Reading careers, a file for each concern."""
