import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { handleInbox } from './inbox.ts';
import { openStore, type Store } from './store.ts';

export interface Mail {
  /** Where to send to; takes every recipient, asks for no password. */
  smtpUrl: string;
  /** The inbox, for a browser; `GET <url>/api/messages?to=…` for tests. */
  url: string;
  stop(): Promise<void>;
}

/** In bytes. */
const largest = 20 * 1024 * 1024;

function receive(store: Store) {
  return (stream: SMTPServerDataStream, session: SMTPServerSession, done: (error?: Error | null) => void) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', done);
    stream.on('end', () => {
      if (stream.sizeExceeded)
        return done(Object.assign(new Error('message too large'), { responseCode: 552 }));
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      store.add(Buffer.concat(chunks), recipients).then(() => done(), done);
    });
  };
}

function listen(server: Server | SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const inner = server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((inner.address() as AddressInfo).port);
    });
  });
}

/** Starts a mail server that delivers to nobody and shows everything to whoever opens `url`. Loopback only. */
export async function startMail(options: {
  dir: string;
  smtpPort?: number;
  webPort?: number;
}): Promise<Mail> {
  const store = await openStore(options.dir);
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    banner: 'Atrium inbox',
    size: largest,
    // Pooled connections stay open for minutes; none of them is in the middle of anything when we stop.
    closeTimeout: 300,
    onData: receive(store),
  });
  const web = createServer((request, response) => {
    handleInbox(store, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const smtpPort = await listen(smtp, options.smtpPort ?? 0);
  // A client that hangs up in the middle of a conversation is its own affair.
  smtp.on('error', (error) => console.error(error.message));
  const webPort = await listen(web, options.webPort ?? 0).catch(async (error: unknown) => {
    await new Promise<void>((resolve) => smtp.close(resolve));
    throw error;
  });
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    url: `http://localhost:${webPort}`,
    async stop() {
      web.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => web.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(resolve)),
      ]);
    },
  };
}
