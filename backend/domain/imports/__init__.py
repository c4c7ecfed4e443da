"""What comes from spreadsheets: read, checked whole, previewed, and applied in one transaction."""
