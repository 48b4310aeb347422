// T-025, T-029: the chat's own page takes from its address what a site's page says in its payload.
import { expect, test } from 'vitest';
import { DirectHost } from '../src/panel/direct';
import type { PanelConfig } from '../src/shared/config';

const config = { code: 'c1', base: 'https://x', settings: { capture_visitor_data: true } } as unknown as PanelConfig;

test('what the link says of the visitor goes into the panel, and nothing else of it', async () => {
  history.replaceState(
    null,
    '',
    '?name=Marina&email=m%40exemplo.com.br&phone=11987654321&customer_id=7&custom[Pedido]=991&custom[]=x&utm=1',
  );
  const { contact, custom } = await new DirectHost(config).init();
  expect(contact).toEqual({ name: 'Marina', email: 'm@exemplo.com.br', phone: '11987654321', id: '7' });
  expect(custom).toEqual({ Pedido: '991' });
});
