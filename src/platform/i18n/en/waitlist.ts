export const waitlist = {};
