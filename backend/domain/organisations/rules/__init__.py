"""What an organisation may be, a file for each concern."""
