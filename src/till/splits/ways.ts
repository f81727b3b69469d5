/** What every way to take a part is given (see ./PartWays.astro). */
import type { TillReader } from '../readers.ts';
import type { Till } from '../tills.ts';
import type { Split } from './splits.ts';

export interface PartProps {
  till: Till;
  split: Split;
  /** Among how many what is due is shared evenly; null: it is not. */
  people: number | null;
  /** What whoever is next pays then, in minor units. */
  share: number | null;
  /** Null: this till has none. */
  reader: TillReader | null;
}
