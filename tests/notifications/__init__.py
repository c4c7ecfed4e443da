"""What is owed to people, and what becomes of it."""
