/** What every way to pay a ticket is given (see ../PayPart.astro). */
import type { Ticket } from '../ticket.ts';
import type { Priced, Till } from '../tills.ts';

export interface WayProps {
  till: Till;
  ticket: Ticket;
  priced: Priced;
}
