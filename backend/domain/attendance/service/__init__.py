"""What is done about presence, a file for each concern."""
