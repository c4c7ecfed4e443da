"""What the records of activities are and when they count."""
