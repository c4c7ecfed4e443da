"""What is done with records of activities."""
