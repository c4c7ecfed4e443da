"""Tables of clinics, a file a concern."""
