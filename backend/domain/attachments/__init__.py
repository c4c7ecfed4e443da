"""Proof files: photos, scans, slides; encrypted, each with its owner."""
