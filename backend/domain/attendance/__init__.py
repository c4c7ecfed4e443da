"""Taps: where somebody was, and what the server made of it."""
