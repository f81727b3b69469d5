const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Whether an address can name something at all, before the database is asked. */
export const isId = (text: string | undefined): text is string => text !== undefined && uuid.test(text);
