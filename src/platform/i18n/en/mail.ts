/** Subjects and texts of e-mails. */
export const mail = {};
