/** Unit tests answer for Supabase by replacing the global `fetch`; what goes around it in the running site goes through it here. */
import { vi } from 'vitest';

vi.mock('#platform/http/kept-alive.ts', () => ({
  fetchKeptAlive: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
}));
