/** The forms a counted phrase may take. `other` is required in every language, `zero` is our own courtesy for "none". */
export interface PluralForms {
  zero?: string;
  one: string;
  other: string;
}

const numbers = { en: new Intl.NumberFormat('en'), es: new Intl.NumberFormat('es') };

/** A whole number as it is read: 4,868 points. */
export const grouped = (language: 'en' | 'es', count: number): string => numbers[language].format(count);

const rules = { en: new Intl.PluralRules('en'), es: new Intl.PluralRules('es') };

/** Chooses the phrase for `count`. The phrases already contain the number where they want one. */
export function plural(language: 'en' | 'es', count: number, forms: PluralForms): string {
  if (count === 0 && forms.zero !== undefined) return forms.zero;
  return rules[language].select(count) === 'one' ? forms.one : forms.other;
}
