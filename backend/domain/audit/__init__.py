"""Who did and read what: append-only rows, sealed in batches."""
