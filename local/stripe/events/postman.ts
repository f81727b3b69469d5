import { Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

const PATIENCE_MS = 20_000;

/** Posts over connections that stay open, because a new one for each delivery costs more than the delivery. */
export class Postman {
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor(sockets: number) {
    this.#http = new HttpAgent({ keepAlive: true, maxSockets: sockets });
    this.#https = new HttpsAgent({ keepAlive: true, maxSockets: sockets });
  }

  /** The status of the answer, or 0 when there was none. Redirects are not followed, as Stripe does not. */
  post(url: string, body: string, headers: OutgoingHttpHeaders, again = true): Promise<number> {
    const secure = url.startsWith('https:');
    return new Promise((resolve) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(
        url,
        {
          method: 'POST',
          agent: secure ? this.#https : this.#http,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          timeout: PATIENCE_MS,
        },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode ?? 0));
          answer.on('error', () => resolve(0));
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', () => {
        // The receiver closed an idle connection just as it was taken up again: that attempt never reached it.
        if (again && outgoing.reusedSocket) resolve(this.post(url, body, headers, false));
        else resolve(0);
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
