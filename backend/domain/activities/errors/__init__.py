"""What can be wrong with records of activities."""
