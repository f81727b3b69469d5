/** The member's own pages. */
export const account = {};
