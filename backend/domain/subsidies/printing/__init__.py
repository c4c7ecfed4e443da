"""Files and papers that are drawn of subsidies."""
