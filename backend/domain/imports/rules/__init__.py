"""What a roster file may look like, and what its cells, rows and sheets mean."""
