/**
 * Run before the server: `node --import ./src/platform/check-config.ts src/server.ts`.
 * A missing or wrong setting ends the process with a list of what to do, before a port is opened.
 */
import { ConfigError, readConfig } from './config.ts';

try {
  readConfig(process.env);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(78); // EX_CONFIG of sysexits.h
}
