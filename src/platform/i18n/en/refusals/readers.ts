export const readers = {
  reader_not_found: 'We could not find this card reader.',
  reader_exists: 'There is a card reader of that name at this counter.',
  reader_known: 'This card reader is registered already.',
  reader_name_invalid: 'Please give it a name of at most 40 characters.',
  reader_code_wrong: 'No reader shows this code. It changes every time the reader makes a new one.',
  reader_place_incomplete:
    'The payment provider wants to know where the counter is. Please complete the address under Rooms first.',
  reader_country_unsupported: 'The payment provider has no card readers in this country yet.',
  reader_busy: ({ till }: { till?: string }) =>
    till
      ? `The card reader is waiting for a card for ${till}. It is free when that sale is done or called off.`
      : 'The card reader is waiting for a card for another sale. It is free when that one is done or called off.',
  reader_deciding: 'A card is being looked at just now. It is a matter of seconds.',
  reader_not_simulated: 'Test cards can only be held to a simulated reader.',
};
