"""What one does with patients: add, register, change, a file a concern."""
