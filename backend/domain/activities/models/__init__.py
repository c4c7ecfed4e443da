"""Records of activities as tables."""
