import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on this machine only. @returns the port: the preferred one, or a free one when it is taken. */
export async function listen(server: Server, port: number): Promise<number> {
  return await new Promise((done, refuse) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port !== 0) done(listen(server, 0));
      else refuse(error);
    });
    server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}

/** Stops at once, with what is under way. */
export async function close(server: Server): Promise<void> {
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
