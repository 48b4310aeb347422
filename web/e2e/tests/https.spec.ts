// HTTPS spoken by the program itself, without anything in front: a shop's secure page, a visitor, an agent.
import { expect, shopPage, test, useWorld } from '../support/test';

const world = useWorld({ https: true });
const secure = { ignoreHTTPSErrors: true };

//
test('a visitor of a secure page writes, and the agent answers', async ({ people }) => {
  await world.owner.say('online');
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world, undefined, secure);
  await ana.go();
  const marina = await people.visitor(shopPage(world, connection), secure);
  expect(new URL(marina.page.url()).protocol).toBe('https:');
  await marina.start('Vocês abrem no domingo?');
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await ana.write('Abrimos, das oito ao meio-dia.');
  await marina.expectTexts(['Vocês abrem no domingo?', 'Abrimos, das oito ao meio-dia.']);

  const cookies = await ana.page.context().cookies();
  const session = cookies.find(({ name }) => name === '__Host-balcao_session');
  expect(session).toMatchObject({ secure: true, httpOnly: true, path: '/' });
  expect(await ana.page.evaluate(() => isSecureContext)).toBe(true);
});
