// Many conversations quickly: visitors who write without a browser, and an owner who takes them.
import type { Connection } from '@balcao/api';
import { request } from '@playwright/test';
import type { World } from './test';

/** Opens so many conversations and takes them for the owner; each holds "Preciso de ajuda". Answers their ids. */
export async function openConversations(world: World, connection: Connection, count: number): Promise<string[]> {
  const { origin } = world.program;
  const http = await request.newContext({ baseURL: origin, extraHTTPHeaders: { origin } });
  const ids: string[] = [];
  const one = async (number: number): Promise<void> => {
    const ticket = await http.post(`/widgets/${connection.code}/ticket`, { data: { key: null, language: 'pt-BR' } });
    const { ticket: token } = (await ticket.json()) as { ticket: string };
    const sent = await http.post('/api/visitor/messages', {
      headers: { authorization: `Bearer ${token}` },
      data: {
        id: crypto.randomUUID(),
        text: `Preciso de ajuda com o pedido ${number}`,
        form: { name: `Cliente ${number}` },
      },
    });
    if (!sent.ok()) throw new Error(`a message was answered ${sent.status()}: ${await sent.text()}`);
    const { conversation } = (await sent.json()) as { conversation: string };
    await world.owner.call('POST', `/conversations/${conversation}/take`);
    ids.push(conversation);
  };
  const LANES = 8;
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      for (let number = lane; number < count; number += LANES) await one(number);
    }),
  );
  await http.dispose();
  return ids;
}
