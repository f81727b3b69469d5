import { encodeBroadcast, encodePush, type Message, type Version } from './wire/frames.ts';

/** One client's presence in a room; `phx_ref` tells its versions apart. */
export type Meta = Record<string, unknown> & { phx_ref: string };

export interface Member {
  readonly version: Version;
  readonly hearsBroadcasts: boolean;
  readonly hearsPresence: boolean;
  readonly presenceKey: string;
  presence: Meta | null;
  /** Ids of messages it was sent from the past while joining. */
  readonly replayed: ReadonlySet<string>;
  write(data: string | Buffer): void;
}

/** Everybody on one topic. A private and a public channel of the same name are two rooms. */
export interface Room {
  readonly topic: string;
  enter(member: Member): void;
  leave(member: Member): void;
  broadcast(message: Message, except?: Member): void;
  /** Sets, replaces or (null) ends the member's presence and tells the others. */
  track(member: Member, payload: Record<string, unknown> | null): void;
  presenceState(): Record<string, { metas: Meta[] }>;
}

export interface Rooms {
  /** Whether nobody is anywhere. */
  readonly empty: boolean;
  open(name: string, isPrivate: boolean): Room;
  broadcast(name: string, isPrivate: boolean, message: Message): void;
}

export function createRooms(): Rooms {
  const rooms = new Map<string, Room>();
  const key = (name: string, isPrivate: boolean) => `${isPrivate ? 'private' : 'public'}:${name}`;
  return {
    get empty() {
      return rooms.size === 0;
    },
    open(name, isPrivate) {
      const id = key(name, isPrivate);
      const room = rooms.get(id) ?? createRoom(`realtime:${name}`, () => rooms.delete(id));
      rooms.set(id, room);
      return room;
    },
    broadcast: (name, isPrivate, message) => rooms.get(key(name, isPrivate))?.broadcast(message),
  };
}

function createRoom(topic: string, empty: () => void): Room {
  const members = new Set<Member>();
  let refs = 0;

  /** Encodes once for each protocol version, however many listen. */
  function fanOut(to: Iterable<Member>, encode: (version: Version) => string | Buffer | null): void {
    const encoded = new Map<Version, string | Buffer | null>();
    for (const member of to) {
      let data = encoded.get(member.version);
      if (data === undefined) encoded.set(member.version, (data = encode(member.version)));
      if (data !== null) member.write(data);
    }
  }

  function tell(joins: object, leaves: object): void {
    const watching = [...members].filter((member) => member.hearsPresence);
    fanOut(watching, (version) => encodePush(version, topic, 'presence_diff', { joins, leaves }));
  }

  function track(member: Member, payload: Record<string, unknown> | null): void {
    const before = member.presence;
    const known = before && { phx_ref_prev: before.phx_ref };
    member.presence = payload && { ...payload, ...known, phx_ref: `${Date.now().toString(36)}-${++refs}` };
    const as = (meta: Meta | null) => (meta ? { [member.presenceKey]: { metas: [meta] } } : {});
    if (before ?? member.presence) tell(as(member.presence), as(before));
  }

  return {
    topic,
    track,
    enter: (member) => void members.add(member),
    leave(member) {
      if (!members.delete(member)) return;
      track(member, null);
      if (members.size === 0) empty();
    },
    broadcast(message, except) {
      const listening = [...members].filter(
        (member) =>
          member !== except && member.hearsBroadcasts && !(message.id && member.replayed.has(message.id)),
      );
      fanOut(listening, (version) => encodeBroadcast(version, topic, message));
    },
    presenceState() {
      const state: Record<string, { metas: Meta[] }> = Object.create(null);
      for (const { presence, presenceKey } of members) {
        if (presence) (state[presenceKey] ??= { metas: [] }).metas.push(presence);
      }
      return state;
    },
  };
}
