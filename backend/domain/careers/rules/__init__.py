"""What is decided about careers, a file for each concern."""
