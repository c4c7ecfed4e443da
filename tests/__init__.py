"""Tests, a folder for each domain; what they stand on is in `support`."""
