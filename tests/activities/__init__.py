"""Records of activities."""
