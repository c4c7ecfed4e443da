"""What is printed of clinics, a file a paper."""
