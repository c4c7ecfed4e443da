"""What is decided about subsidies, a file for each concern."""
