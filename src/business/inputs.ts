import { z } from 'zod';
import { email } from '#platform/inputs.ts';
import { staffRoles } from '#platform/guards.ts';

export const invitation = z.object({ email, role: z.enum(staffRoles) });
export const invitationToken = z
  .string()
  .min(20)
  .max(100)
  .regex(/^[\w-]+$/);
