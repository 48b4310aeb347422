// The first screen: the other ways to reach the company.
import { expect, test } from 'vitest';
import { home } from '../src/panel/ui/home';
import { panelWith } from './screens';

function channelsOf(channels?: Record<string, string>): string[] {
  const { context } = panelWith();
  const { node } = home({ ...context, config: { ...context.config, channels } });
  return [...node.querySelectorAll<HTMLAnchorElement>('a')].map((link) => `${link.textContent} ${link.href}`);
}

test('other channels are linked as the server says', () => {
  const [whatsapp, telegram] = ['https://wa.me/5531987654321', 'https://t.me/vilaclara'];
  expect(channelsOf({ WhatsApp: whatsapp, Telegram: telegram })).toEqual([
    `WhatsApp ${whatsapp}`,
    `Telegram ${telegram}`,
  ]);
  expect(channelsOf()).toEqual([]);
});

/** What stands at the head of the first screen of a chat of this name. */
function headed(plugin_name: string): string {
  const { context } = panelWith();
  const config = { ...context.config, settings: { ...context.config.settings, plugin_name } };
  const screen = home({ ...context, config });
  screen.update();
  return screen.node.querySelector('header .bar')!.textContent;
}

test('a name is shown by the letters that the console shows for it', () => {
  expect(headed('Loja da Lia')).toBe('LL' + 'Loja da Lia');
  expect(headed('vila')).toBe('V' + 'vila');
});

test('the first screen is headed by the name that the company chose for its chat', () => {
  expect(headed('Atendimento da Lia')).toBe('AL' + 'Atendimento da Lia');
});
