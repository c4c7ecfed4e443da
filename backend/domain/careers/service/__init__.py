"""What is done about careers, a file for each concern."""
