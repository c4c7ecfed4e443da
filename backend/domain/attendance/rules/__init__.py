"""What is decided about presence, a file for each concern."""
