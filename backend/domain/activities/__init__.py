"""What somebody did at a recipient: lectures, rounds, surgeries, cases; with proof, confirmed, counted."""
