"""Patients and who acts for them."""
