"""Workbooks that people upload: what they are, whether they are harmless, and the rows of small ones."""
