"""Files that somebody asks for: made by a job, encrypted, kept for a week, fetched by who asked."""
