"""What every domain stands on: actor, transaction, queue, clock, errors, paging, encryption."""
