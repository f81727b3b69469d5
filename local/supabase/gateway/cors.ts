import type { IncomingMessage } from 'node:http';

export const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'content-location, content-range, location, preference-applied, x-sb-error-code',
};

/** Any page may ask: it is the key and the token that count, never a cookie. */
export const preflightHeaders = (req: IncomingMessage) => ({
  ...corsHeaders,
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    req.headers['access-control-request-headers'] ??
    'authorization, apikey, content-type, prefer, x-client-info, accept-profile, content-profile',
  'access-control-max-age': '86400',
});
