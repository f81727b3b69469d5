// Starts a database in the folder given and says where, for tests that kill its process.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from '../../local/postgres.ts';

const postgres = await startPostgres({ dir: process.argv[2]!, durable: true });
const pid = Number((await readFile(join(postgres.dir, 'data/postmaster.pid'), 'utf8')).split('\n')[0]);
console.log(JSON.stringify({ port: postgres.port, pid }));
