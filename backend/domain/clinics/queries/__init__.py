"""Reading clinics, a file a concern."""
