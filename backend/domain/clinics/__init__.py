"""Expert clinics: places, bookings, the waitlist, closures, the desk."""
