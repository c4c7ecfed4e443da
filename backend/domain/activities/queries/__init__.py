"""Reading records of activities."""
