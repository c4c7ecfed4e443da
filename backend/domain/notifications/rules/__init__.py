"""What is told, in which template, and what becomes of a message."""
