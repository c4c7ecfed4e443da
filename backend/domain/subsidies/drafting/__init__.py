"""What is due for countersigned months, set-based: the statement, and how it is run."""
