"""What is done with clinics, a file a concern."""
