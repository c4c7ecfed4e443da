"""The two statements of a booking: one tells whether it may be, one claims a place and writes all that it leaves.

They are plain SQL, each in one round trip: when a well-known expert's clinic is released, hundreds ask at once.
"""
