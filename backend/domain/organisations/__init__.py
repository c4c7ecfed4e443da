"""Hospitals, departments, sites, agreements, the working calendar, settings with dates of effect."""
