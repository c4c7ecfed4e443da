"""What tests stand on: real servers, cloned databases, processes, a browser."""
