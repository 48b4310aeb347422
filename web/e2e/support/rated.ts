// A conversation that has ended and was rated, without a browser.
import type { Connection } from '@balcao/api';
import type { Api } from './api';
import type { World } from './test';

/** Somebody's conversation with a visitor, ended and rated. */
export async function rated(
  { program: { origin } }: World,
  connection: Connection,
  person: Api,
  name: string,
  rating: { grade: number; comment?: string },
): Promise<void> {
  const json = { 'content-type': 'application/json', origin };
  const visitor = async (method: string, path: string, ticket: string | null, body: object) => {
    const headers = ticket ? { ...json, authorization: `Bearer ${ticket}` } : json;
    const answer = await fetch(`${origin}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (answer.status === 204 ? {} : await answer.json()) as Record<string, string>;
  };
  const { ticket = '' } = await visitor('POST', `/widgets/${connection.code}/ticket`, null, { key: null });
  const said = { id: crypto.randomUUID(), text: 'Bom dia', form: { name } };
  const { conversation = '' } = await visitor('POST', '/api/visitor/messages', ticket, said);
  const reply = { client_id: crypto.randomUUID(), kind: 'reply', text: 'Bom dia! Como posso ajudar?' };
  await person.call('POST', `/conversations/${conversation}/messages`, reply);
  await person.call('POST', `/conversations/${conversation}/close`);
  await visitor('PUT', `/api/visitor/conversations/${conversation}/rating`, ticket, rating);
}
