/** The owner's and the staff's pages. */
export const admin = {};
