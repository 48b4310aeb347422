// What the assistant for publishing a chat gives: scripts and addresses with what was chosen in them (T-006 to T-008, T-023 to T-030).
import type { Connection } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import { windowCode } from './install';

export type Surface = 'docked' | 'popup' | 'link';

export interface Choices {
  surface: Surface;
  /** `''`: as the connection has it; `choose`: the customer does; else a department's id. */
  department: string;
  position: '' | 'left' | 'right';
  language: string;
  startOpen: boolean;
  hideWhenOffline: boolean;
}

export const UNCHOSEN: Choices = {
  surface: 'docked',
  department: '',
  position: '',
  language: '',
  startOpen: false,
  hideWhenOffline: false,
};

/** What the page says beside the code; nothing that is as the connection has it. */
function payloadOf({ department, position, language, startOpen, hideWhenOffline }: Choices): string {
  const chosen = { department, position, language, startOpen, hideWhenOffline };
  const said = Object.entries(chosen).filter(([, value]) => value);
  return said.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ');
}

function scriptOf({ code, install: { script } }: Connection, choices: Choices): string {
  const payload = payloadOf(choices);
  if (!payload) return script;
  const id = `id: "${code}"`;
  return script.replace(id, () => `${id}, payload: { ${payload} }`);
}

export function addressOf({ install: { popup_url } }: Connection, { department, language }: Choices): string {
  const said = Object.entries({ department, language }).filter(([, value]) => value);
  const query = new URLSearchParams(said).toString();
  return query ? `${popup_url}?${query}` : popup_url;
}

export function published(connection: Connection, choices: Choices): { label: string; code: string }[] {
  const address = addressOf(connection, choices);
  if (choices.surface === 'link') return [{ label: t('console.publish.address'), code: address }];
  const code = { label: t('console.connections.code'), code: connection.code };
  if (choices.surface === 'docked')
    return [{ label: t('console.connections.script'), code: scriptOf(connection, choices) }, code];
  const html = address.replaceAll('&', '&amp;');
  return [
    {
      label: t('console.publish.button'),
      code: `<a href="${html}" target="balcao" rel="noopener">${t('console.publish.buttonText')}</a>`,
    },
    {
      label: t('console.publish.window'),
      code: windowCode(address),
    },
    { label: t('console.publish.address'), code: address },
  ];
}
