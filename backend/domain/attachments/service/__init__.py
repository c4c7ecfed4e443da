"""What is done with files, a file a concern."""
