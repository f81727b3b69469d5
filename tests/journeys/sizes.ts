/** The windows that pages are looked at in. */
export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 800 };
