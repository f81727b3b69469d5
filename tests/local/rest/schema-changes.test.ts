import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClient } from '@supabase/supabase-js';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createRest } from '../../../local/supabase/rest/index.ts';
import { type Studio, openStudio, rowsOf } from './studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.stop());

const eventually = <T>(check: () => Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 20 });

it('a new table, column, key or function can be used as soon as it is made', async () => {
  await studio.backend.sql(`
    create table studio.lockers (id int primary key, member_id int references studio.members on delete set null);
    insert into studio.lockers values (1, 2);
    grant select on studio.lockers to anon;
    create function studio.locker_of(member int) returns int language sql stable as $$ select id from studio.lockers where member_id = member $$;
  `);
  await eventually(async () => {
    expect(await rowsOf(studio.visitor.from('lockers').select('id, members(name)'))).toEqual([
      { id: 1, members: { name: 'Noor' } },
    ]);
    expect(await rowsOf(studio.visitor.rpc('locker_of', { member: 2 }))).toBe(1);
  });
});

it('a changed type, a replaced function and a dropped table are noticed too', async () => {
  await studio.backend.sql(`
    create table studio.shelves (id int primary key, place int not null);
    insert into studio.shelves values (1, 7);
    grant select on studio.shelves to anon;
    create function studio.place_of(shelf int) returns int language sql stable as $$ select place from studio.shelves where id = shelf $$;
  `);
  await eventually(async () => {
    expect(await rowsOf(studio.visitor.from('shelves').select().eq('place', 7))).toEqual([
      { id: 1, place: 7 },
    ]);
    expect(await rowsOf(studio.visitor.rpc('place_of', { shelf: 1 }))).toBe(7);
  });
  await studio.backend.sql(`
    drop function studio.place_of;
    alter table studio.shelves alter place type text using 'by the door', add colour text default 'green';
    create function studio.place_of(shelf int) returns text language sql stable as $$ select place from studio.shelves where id = shelf $$;
  `);
  await eventually(async () => {
    const asked = Array.from({ length: 40 }, () =>
      studio.visitor.from('shelves').select().eq('place', 'by the door'),
    );
    for (const rows of await Promise.all(asked.map((one) => rowsOf(one)))) {
      expect(rows).toEqual([{ id: 1, place: 'by the door', colour: 'green' }]);
    }
    expect(await rowsOf(studio.visitor.rpc('place_of', { shelf: 1 }))).toBe('by the door');
  });
  await studio.backend.sql('drop table studio.shelves cascade');
  await eventually(async () =>
    expect((await studio.visitor.from('shelves').select()).error?.code).toBe('PGRST205'),
  );
});

it('changes are still noticed after every connection was cut', async () => {
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'`;
  await studio.backend.sql(cut, [], 'admin');
  await eventually(async () => expect((await studio.visitor.from('rooms').select()).error).toBeNull());
  await studio.backend.sql(
    'create table studio.after_the_cut (id int); grant select on studio.after_the_cut to anon;',
  );
  await eventually(async () =>
    expect((await studio.visitor.from('after_the_cut').select()).data).toEqual([]),
  );
});

it('a request whose connection is cut gets a clear answer, and the next one works', async () => {
  const napping = studio.mia.rpc('nap', { seconds: 60 });
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where query like '%"nap"%' and state = 'active' and pid <> pg_backend_pid()`;
  const [answer] = await Promise.all([
    napping,
    eventually(async () => expect(await studio.backend.sql(cut, [], 'admin')).toHaveLength(1)),
  ]);
  expect([answer.status, answer.error?.code]).toEqual([503, '57P01']);
  expect(await rowsOf(studio.mia.rpc('nap', { seconds: 0 }))).toBe('rested');
});

it('hundreds of differently shaped requests on one connection do not crowd each other out', async () => {
  for (let shape = 0; shape < 300; shape += 1) {
    const asked = studio.visitor.from('rooms').select(`number_${shape}:id`).eq('id', 1);
    expect(await rowsOf(asked)).toEqual([{ [`number_${shape}`]: 1 }]);
  }
  expect(await rowsOf(studio.visitor.from('rooms').select('number_0:id').eq('id', 1))).toEqual([
    { number_0: 1 },
  ]);
});

it('while the database is away the answer is 503, and once it is back all is as before', async () => {
  const door = await openDoor(new URL(studio.backend.authenticatorUrl));
  const pool = new pg.Pool({ connectionString: door.databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const lines: string[] = [];
  const options = { pool, schemas: ['studio'], log: (line: string) => lines.push(line) };
  const rest = createRest({ ...options, authenticate: () => Promise.resolve({ role: 'anon' }) });
  const server = createServer((req, res) => {
    void text(req).then(async (body) => {
      const answer = await rest.handle(req, body);
      res.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key', {
    db: { schema: 'studio' },
  });

  expect((await client.rpc('add', { a: 1 })).error).toMatchObject({ code: 'PGRST002' });
  await door.open();
  expect(await rowsOf(client.rpc('add', { a: 1 }))).toBe(11);
  await door.close();
  const away = await client.rpc('add', { a: 1 });
  expect([away.status, away.error?.code]).toEqual([503, expect.stringMatching(/^PGRST00[01]$/)]);
  await studio.backend.sql(
    'create function studio.meanwhile() returns int language sql stable as $$ select 7 $$',
  );
  await door.open();
  await eventually(async () => expect(await rowsOf(client.rpc('meanwhile'))).toBe(7));
  expect(lines.join('\n')).toContain('lost the connection that listens for schema changes');

  await rest.close();
  await pool.end();
  await door.close();
  server.close();
});

/** A way to the database that can be shut. Shut at first. */
async function openDoor(database: URL) {
  const through = new Set<Socket>();
  const server = createTcpServer((from) => {
    const to = connect(Number(database.port), database.hostname);
    for (const socket of [from, to]) {
      through.add(socket.on('error', () => undefined).on('close', () => through.delete(socket)));
    }
    from.pipe(to).pipe(from);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (server.listening) server.close();
    for (const socket of through) socket.destroy();
    await expect.poll(() => server.listening).toBe(false);
  };
  await close();
  const url = new URL(database);
  url.port = String(port);
  return {
    databaseUrl: url.href,
    open: () => once(server.listen(port, '127.0.0.1'), 'listening'),
    close,
  };
}
