"""Forms of careers on paper, a file for each."""
