export const notices = {
  choice_invalid: 'One of these choices is not there any more. Please look at them again.',
};
