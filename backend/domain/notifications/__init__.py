"""Messages owed to people: the outbox, and the inbox that everybody has."""
