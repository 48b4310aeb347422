// The visitor's REST operations: earlier entries, and the slow road where sockets are blocked.
import type { Conversation, Entry, Send, ServerFrame } from './protocol';
import type { Tickets } from './tickets';

export interface Entries {
  conversation: Conversation;
  entries: Entry[];
  earlier: boolean;
  queue?: number | null;
  previous?: string | null;
}

export class Rest {
  /** The last call came through. */
  works = false;

  constructor(
    private readonly base: string,
    private readonly tickets: Tickets,
  ) {}

  /** The last fifty of the current conversation, or those that `query` asks for; null when there are none to be had. */
  async entries(query = ''): Promise<Entries | null> {
    const response = await this.call('GET', 'entries' + query);
    return response?.ok ? ((await response.json()) as Entries) : null;
  }

  /** Answers what a socket would; null: not known whether it was stored, the same send may be repeated. */
  async send(message: Send): Promise<ServerFrame | null> {
    const response = await this.call('POST', 'messages', JSON.stringify(message));
    if (!response || /401|404|5../.test(`${response.status}`)) return null;
    const answer = await response.json();
    const { id } = message;
    if (response.ok) return { t: 'ack', id, ...answer };
    return { t: 'refused', id, ...answer.error, retry_after: Number(response.headers.get('retry-after')) };
  }

  /** Null: no answer. `offset`: where a piece of a file belongs. */
  async call(method: string, path: string, body?: string | Blob, offset?: number): Promise<Response | null> {
    let works = false;
    try {
      const answer = await this.tickets.get();
      if (!answer.ok) return null;
      const isPiece = offset !== undefined;
      const headers = {
        authorization: `Bearer ${answer.ticket}`,
        'content-type': `application/${isPiece ? 'octet-stream' : 'json'}`,
        ...(isPiece && { 'upload-offset': `${offset}` }),
      };
      const response = await fetch(`${this.base}/api/visitor/${path}`, { method, headers, body });
      if (response.status === 401) this.tickets.spoil();
      else works = response.status < 500;
      return response;
    } catch {
      return null;
    } finally {
      this.works = works;
    }
  }
}
