"""The business: one package per concern, `rules` decide, `models` hold, `queries` read, `service` does."""
