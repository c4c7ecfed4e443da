"""What is decided about clinics, a file a concern."""
