"""What is done about subsidies, a file for each concern."""
