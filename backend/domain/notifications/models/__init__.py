"""Tables of notices and their delivery, a file a concern."""
