"""Who sees what: the one table on which every door and query stands."""
