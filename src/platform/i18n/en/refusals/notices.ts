export const notices = {
  choice_invalid: 'One of these choices is not there any more. Please look at them again.',
  letter_not_found: 'We could not find this letter.',
  letter_on_its_way: 'This letter is on its way already. It is not sent twice.',
  letter_for_once: 'A letter of this kind holds for its hour and is not sent again.',
  letter_too_late: 'What this letter is about is over, so it is not sent again.',
  letter_unwanted: 'This member does not want such e-mails, so it is not sent again.',
  reminder_hours_invalid: 'Please choose one of the hours there are.',
  link_not_known: 'This link is not one of ours, or it is not whole. Please use the one in the e-mail.',
};
