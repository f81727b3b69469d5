export const instructors = {};
