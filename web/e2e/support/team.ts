// Several people at their consoles, in the departments a test names, online or not; and visitors through the slow door.
import type { Agent, Department, Status } from '@balcao/api';
import type { Account } from './api';
import type { Desk } from './desk';
import { expect, type People, type World } from './test';

export const BRUNO: Account = {
  name: 'Bruno Lima',
  email: 'bruno@vilaclara.com.br',
  password: 'farinha fermento e sal',
};
export const CARLA: Account = {
  name: 'Carla Reis',
  email: 'carla@vilaclara.com.br',
  password: 'manteiga gelada em cubos',
};
export const DAVI: Account = {
  name: 'Davi Moura',
  email: 'davi@vilaclara.com.br',
  password: 'forno quente desde as quatro',
};

/** Somebody who works in these departments, at their console; managers manage all of them. */
export async function hire(
  world: World,
  people: People,
  account: Account,
  departments: Department[],
  role: Agent['role'] = 'agent',
): Promise<{ agent: Agent; desk: Desk }> {
  const agent = await world.owner.addAgent(world.program.origin, account, role);
  const memberships = departments.map(({ id }) => ({ id, is_manager: role === 'manager' }));
  await world.owner.changeAgent(agent.id, { departments: memberships });
  const desk = await people.agent(world, account);
  await desk.go();
  await say(desk, 'online');
  return { agent, desk };
}

/** As if chosen in the own menu, which has a test of its own. */
export async function say(desk: Desk, status: Status): Promise<void> {
  const answer = await desk.page.context().request.put('/api/me/status', { data: { status } });
  expect(answer.status()).toBe(200);
}

/** Somebody writes through the slow door, so that a full list costs no browsers. */
export async function writes(world: World, code: string, name: string, texts: string[]): Promise<void> {
  const { origin } = world.program;
  const headers = { 'content-type': 'application/json', origin };
  const post = (path: string, body: object, more: object = {}) =>
    fetch(origin + path, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const answer = await post(`/widgets/${code}/ticket`, { key: null });
  const { ticket } = (await answer.json()) as { ticket: string };
  for (const text of texts) {
    const message = { id: crypto.randomUUID(), text, form: { name } };
    const sent = await post('/api/visitor/messages', message, { authorization: `Bearer ${ticket}` });
    expect(sent.ok, await sent.text()).toBe(true);
  }
}
