"""The two commands, and what they stand on."""
