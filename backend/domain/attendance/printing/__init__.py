"""The printed 考勤表 of a dispatch and a month, and the export of a month: drawn from plain values, no database."""
