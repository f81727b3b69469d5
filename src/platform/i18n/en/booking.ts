/** Timetable, classes, sessions, bookings. */
export const booking = {};
