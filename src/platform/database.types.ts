// Written by `npm run db:types` from the migrations. Until the first run every function of `api` is open-ended.
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  api: {
    Tables: Record<never, never>;
    Views: Record<never, never>;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    Functions: Record<string, { Args: Record<string, unknown>; Returns: any }>;
    Enums: Record<never, never>;
    CompositeTypes: Record<never, never>;
  };
};
