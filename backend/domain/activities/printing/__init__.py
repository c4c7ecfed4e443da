"""Forms that are drawn of records."""
