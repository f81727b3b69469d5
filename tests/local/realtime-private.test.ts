import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, inSeconds, joined, startRealtimeWorld, type RealtimeWorld } from './realtime-world.ts';

let world: RealtimeWorld;
beforeAll(async () => {
  world = await startRealtimeWorld();
  // As a migration would: role postgres, policies on topic, extension and person.
  await world.owner.query(`
    create policy "Members hear their own channel" on realtime.messages for select to authenticated
      using (extension = 'broadcast' and realtime.topic() = 'member:' || (current_setting('request.jwt.claims')::jsonb ->> 'sub'));
    create policy "Staff hear and send on the board" on realtime.messages for all to authenticated
      using (extension = 'broadcast' and realtime.topic() = 'board' and current_setting('request.jwt.claims')::jsonb ? 'staff')
      with check (extension = 'broadcast' and realtime.topic() = 'board' and current_setting('request.jwt.claims')::jsonb ? 'staff');
    create policy "Everybody hears the board's notices" on realtime.messages for select to anon, authenticated
      using (extension = 'broadcast' and realtime.topic() = 'notices');
    create policy "Members see who is in the studio" on realtime.messages for select to authenticated
      using (realtime.topic() = 'studio');
    create policy "Teachers show themselves in the studio" on realtime.messages for insert to authenticated
      with check (extension = 'presence' and realtime.topic() = 'studio' and current_setting('request.jwt.claims')::jsonb ? 'staff');`);
});
afterAll(() => world.close());

const privately = { config: { private: true } };
const ana = () => world.tokenFor({ role: 'authenticated', sub: 'ana' });
const staff = () => world.tokenFor({ role: 'authenticated', sub: 'luz', staff: true });
const as = (token: string) => world.client({ key: world.publishableKey, token: () => token });

describe('listening', () => {
  it('is allowed on a channel whose policy lets the person select', async () => {
    const channel = as(ana()).channel('member:ana', privately);
    const { until } = collect(channel);
    await joined(channel);
    await world.send('member:ana', 'hello', {});
    expect(await until(1)).toHaveLength(1);
  });

  it('is refused on the channel of another member', async () => {
    await expect(joined(as(ana()).channel('member:bea', privately))).rejects.toThrow(
      'Unauthorized: You do not have permissions to read from this Channel topic: member:bea',
    );
  });

  it('is refused to a visitor on a channel for members, and allowed where visitors may', async () => {
    const visitor = world.client({ key: world.publishableKey });
    await expect(joined(visitor.channel('member:ana', privately))).rejects.toThrow('Unauthorized');
    await joined(visitor.channel('notices', privately));
  });

  it('is refused on a channel that no policy speaks of', async () => {
    await expect(joined(as(staff()).channel('anything', privately))).rejects.toThrow('Unauthorized');
  });

  it('is refused where a policy breaks, and the log says which', async () => {
    await world.owner
      .query(`create policy "A policy with a mistake" on realtime.messages for select to authenticated
      using (case when realtime.topic() = 'mistake' then 1 / (length(topic) - 7) = 1 end)`);
    await expect(joined(as(ana()).channel('mistake', privately))).rejects.toThrow('Unauthorized');
    expect(world.log).toContainEqual(
      expect.stringContaining('failed for mistake as authenticated: division by zero'),
    );
  });

  it('is allowed anywhere with the secret key', async () => {
    await joined(world.client().channel('anything', privately));
  });
});

describe('sending', () => {
  it('is allowed to those whose policy lets them insert', async () => {
    const config = { config: { private: true, broadcast: { ack: true } } };
    const [sender, listener] = [as(staff()), as(staff())].map((client) => client.channel('board', config));
    const { until } = collect(listener!);
    await Promise.all([joined(sender!), joined(listener!)]);
    expect(await sender!.send({ type: 'broadcast', event: 'order_ready', payload: {} })).toBe('ok');
    expect((await until(1))[0]?.event).toBe('order_ready');
  });

  it('is refused to those who may only listen, and nobody hears it', async () => {
    const client = as(ana());
    const sender = client.channel('notices', { config: { private: true, broadcast: { ack: true } } });
    const listener = world.client().channel('notices', privately);
    const { until } = collect(listener);
    await Promise.all([joined(sender), joined(listener)]);
    expect(await sender.send({ type: 'broadcast', event: 'forged', payload: {} })).toBe('error');
    await world.send('notices', 'genuine', {});
    expect((await until(1)).map((message) => message.event)).toEqual(['genuine']);
  });
});

describe('over HTTP', () => {
  it('a private message is sent by those who may and refused to those who may not', async () => {
    const listener = world.client().channel('board', privately);
    const { until } = collect(listener);
    await joined(listener);
    await expect(as(ana()).channel('board', privately).httpSend('forged', {})).rejects.toThrow(
      'Unauthorized',
    );
    const client = as(staff());
    await client.realtime.setAuth();
    expect(await client.channel('board', privately).httpSend('order_ready', { n: 1 })).toEqual({
      success: true,
    });
    await world.client().channel('board', privately).httpSend('order_ready', { n: 2 });
    expect((await until(2)).map((message) => message.payload['n'])).toEqual([1, 2]);
  });

  it('a batch with a private message its sender may not send is refused whole', async () => {
    const post = (token: string) =>
      fetch(`${world.url}/api/broadcast`, {
        method: 'POST',
        headers: {
          apikey: world.publishableKey,
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          messages: [
            { topic: 'lobby', event: 'a', payload: {} },
            { topic: 'board', event: 'b', payload: {}, private: true },
          ],
        }),
      });
    const listener = world.client().channel('lobby');
    const { until } = collect(listener);
    await joined(listener);
    expect((await post(ana())).status).toBe(403);
    expect((await post(staff())).status).toBe(202);
    expect(await until(1)).toHaveLength(1);
  });

  it('a channel that is not joined sends over HTTP, and raw bytes arrive', async () => {
    const listener = world.client().channel('lobby');
    const { until } = collect(listener);
    await joined(listener);
    const visitor = world.client({ key: world.publishableKey });
    const quiet = visitor.channel('lobby');
    expect(await quiet.send({ type: 'broadcast', event: 'wave', payload: { n: 1 } })).toBe('ok');
    await quiet.httpSend('raw', new Uint8Array([7, 8]));
    const [wave, raw] = await until(2);
    expect(wave).toMatchObject({ event: 'wave', payload: { n: 1 } });
    expect([...new Uint8Array(raw!.payload as unknown as ArrayBuffer)]).toEqual([7, 8]);
  });

  it.each([
    ['without a key', null, '{"messages":[]}', 401],
    ['with a wrong key', 'sb_secret_wrong', '{"messages":[]}', 401],
    ['of no message', '', '{"messages":[]}', 422],
    ['without a topic', '', '{"messages":[{"event":"a","payload":{}}]}', 422],
    ['that is not JSON', '', '{', 400],
  ])('a message %s is refused', async (_, key, body, status) => {
    const headers = key === null ? {} : { apikey: key || world.publishableKey };
    const answer = await fetch(`${world.url}/realtime/v1/api/broadcast`, { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty('error');
  });

  it('storing a message for replay is refused by name', async () => {
    const channel = world.client().channel('board', privately);
    await expect(channel.httpSend('a', {}, { persist: true })).rejects.toThrow('not available here');
  });
});

describe('presence', () => {
  it('shows itself only to those, and of those, whom the policies allow', async () => {
    const config = (key: string) => ({ config: { private: true, presence: { key, enabled: true } } });
    const member = as(ana()).channel('studio', config('ana'));
    const teacher = as(staff()).channel('studio', config('luz'));
    const seen = new Promise<string>((resolve) =>
      member.on('presence', { event: 'join' }, ({ key }) => resolve(key)),
    );
    await Promise.all([joined(member), joined(teacher)]);
    expect(await member.track({ here: true })).toBe('error');
    expect(await teacher.track({ here: true })).toBe('ok');
    expect(await seen).toBe('luz');
  });
});

describe('a token', () => {
  it('that is not genuine is refused', async () => {
    const forged = world.tokenFor({ role: 'authenticated', sub: 'ana' }).replace(/[^.]+$/, 'forged');
    await expect(joined(as(forged).channel('member:ana', privately))).rejects.toThrow(
      'InvalidJWTToken: JWT signature is not valid',
    );
  });

  it('that is too old is refused', async () => {
    const old = world.tokenFor({ role: 'authenticated', sub: 'ana', exp: inSeconds(-5) });
    await expect(joined(as(old).channel('member:ana', privately))).rejects.toThrow(
      'InvalidJWTToken: JWT expired',
    );
  });

  /** Time enough to join with it on a machine that is slow. */
  const soonOver = () => inSeconds(8);

  it('that runs out closes the channel and says why', async () => {
    const channel = as(world.tokenFor({ role: 'authenticated', sub: 'ana', exp: soonOver() })).channel(
      'member:ana',
      privately,
    );
    const told = new Promise((resolve) => channel.on('system', {}, resolve));
    await channel.socket.setAuth();
    const closed = new Promise((resolve) =>
      channel.subscribe((status) => status === 'CLOSED' && resolve(status)),
    );
    expect(await told).toMatchObject({
      status: 'error',
      message: 'Token has expired',
      channel: 'member:ana',
    });
    expect(await closed).toBe('CLOSED');
  });

  it('that is renewed in time keeps the channel open', async () => {
    const first = world.tokenFor({ role: 'authenticated', sub: 'ana', exp: soonOver() });
    let token = first;
    const client = world.client({ key: world.publishableKey, token: () => token });
    const channel = client.channel('member:ana', privately);
    const { until, heard } = collect(channel);
    await joined(channel);
    token = ana();
    await client.realtime.setAuth();
    // A second channel with the first token tells when the first token has run out.
    const other = as(first).channel('member:ana', privately);
    const over = new Promise((resolve) => other.on('system', {}, resolve));
    await joined(other);
    await over;
    await world.send('member:ana', 'still', {});
    await until(1);
    expect(heard.map((message) => message.event)).toEqual(['still']);
  });

  it('of somebody who may not listen closes the channel', async () => {
    let token = ana();
    const client = world.client({ key: world.publishableKey, token: () => token });
    const channel = client.channel('member:ana', privately);
    const told = new Promise((resolve) => channel.on('system', {}, resolve));
    await joined(channel);
    token = world.tokenFor({ role: 'authenticated', sub: 'bea' });
    await client.realtime.setAuth();
    expect(await told).toMatchObject({
      message: 'You no longer have permission to read from this Channel topic: member:ana',
    });
  });
});

it('opens no socket for a wrong key', async () => {
  const client = world.client({ key: 'sb_publishable_wrong' });
  await expect(joined(client.channel('notices'))).rejects.toThrow('transport failure');
  const answer = await fetch(`${world.url}/realtime/v1/websocket?apikey=nope`, {
    headers: { connection: 'upgrade', upgrade: 'websocket' },
  }).catch(() => null);
  expect(answer?.ok ?? false).toBe(false);
});

it('refuses postgres_changes by name', async () => {
  const channel = world.client().channel('changes');
  channel.on('postgres_changes', { event: '*', schema: 'public' }, () => undefined);
  await expect(joined(channel)).rejects.toThrow('postgres_changes is not available here');
});
