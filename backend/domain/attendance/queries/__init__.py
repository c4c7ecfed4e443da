"""Reading presence, a file for each concern."""
