// A long shift in one tab: hundreds of conversations opened, answered and closed leave the browser as large as a few dozen did.
import type { CDPSession } from '@playwright/test';
import { expect, test, useWorld } from '../support/test';
import { openConversations } from '../support/many';
import type { Desk } from '../support/desk';

const world = useWorld();
test.setTimeout(240_000);

/** What is left after the garbage has been collected. */
async function weigh(session: CDPSession): Promise<{ nodes: number; listeners: number; heap: number }> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') };
}

async function serve(agent: Desk, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const address = (await agent.rows.first().getAttribute('href')) ?? '';
    const row = agent.page.locator(`[data-row] a[href="${address}"]`);
    await row.click();
    await expect(agent.page).toHaveURL(new RegExp(`${address}$`));
    await expect(agent.bubbles.filter({ hasText: 'Preciso de ajuda' })).toBeVisible();
    await agent.write('Resolvido.');
    await expect(agent.bubbles.filter({ hasText: 'Resolvido.' })).toBeVisible();
    const closed = agent.page.waitForResponse((answer) => answer.url().endsWith('/close'));
    await agent.act('console.conversation.close').click();
    await closed;
    await expect(row).toHaveCount(0);
  }
}

//
test('the browser does not grow over a long shift', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  await openConversations(world, connection, 130);
  const agent = await people.agent(world);
  await agent.go();
  await agent.tab('open').click();
  const session = await agent.page.context().newCDPSession(agent.page);
  await session.send('Performance.enable');
  // More than are kept, so that what is kept is full.
  await serve(agent, 40);
  const before = await weigh(session);
  await serve(agent, 80);
  const after = await weigh(session);
  expect(after.nodes, JSON.stringify({ before, after })).toBeLessThan(before.nodes * 1.25);
  expect(after.listeners, JSON.stringify({ before, after })).toBeLessThan(before.listeners * 1.25);
  expect(after.heap, JSON.stringify({ before, after })).toBeLessThan(before.heap * 1.5);
  await expect(agent.tab('open')).toContainText('10');
});
