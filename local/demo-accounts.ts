// The people that supabase/seed.sql signs up, for whoever tries the studio out: keep the two together.

export interface DemoAccount {
  business: 'Lotus & Bean' | 'Barbería Sur';
  /** What they may do there, as a person would say it. */
  role: 'owner' | 'manager' | 'front desk' | 'barista' | 'instructor' | 'member';
  name: string;
  email: string;
  password: string;
}

const password = 'atrium-demo-1';

const lotus = 'Lotus & Bean';
const barberia = 'Barbería Sur';

/** In the seed's order. The first of each business sees most. */
export function demoAccounts(): DemoAccount[] {
  const people: Omit<DemoAccount, 'password'>[] = [
    { business: lotus, role: 'owner', name: 'Elena Prado', email: 'owner@lotus.test' },
    { business: lotus, role: 'manager', name: 'Marcos Vidal', email: 'manager@lotus.test' },
    { business: lotus, role: 'front desk', name: 'Inés Robles', email: 'frontdesk@lotus.test' },
    { business: lotus, role: 'barista', name: 'Kofi Mensah', email: 'barista@lotus.test' },
    { business: lotus, role: 'instructor', name: 'Noor Haddad', email: 'teacher@lotus.test' },
    { business: lotus, role: 'instructor', name: 'Ana Beltrán', email: 'ana@lotus.test' },
    { business: lotus, role: 'member', name: 'Ada Martín', email: 'ada@example.test' },
    { business: lotus, role: 'member', name: 'Bruno Costa', email: 'bruno@example.test' },
    { business: lotus, role: 'member', name: 'Carla Vega', email: 'carla@example.test' },
    { business: barberia, role: 'owner', name: 'Ramiro Sosa', email: 'owner@sur.test' },
    { business: barberia, role: 'member', name: 'Julián Paz', email: 'cliente@sur.test' },
  ];
  return people.map((person) => ({ ...person, password }));
}

/** Card numbers that the Stripe emulator knows, as Stripe's own test mode does. */
export const testCards = [
  { number: '4242 4242 4242 4242', does: 'pays' },
  { number: '4000 0000 0000 0002', does: 'is declined' },
  { number: '4000 0000 0000 9995', does: 'has no funds' },
  { number: '4000 0025 0000 3155', does: 'asks for a confirmation (3-D Secure)' },
];
