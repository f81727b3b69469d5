/** Signing up, signing in, passwords and invitations. */
export const auth = {};
