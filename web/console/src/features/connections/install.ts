// The ways of putting a webchat onto a site: what to do, and what to copy.
import type { Connection } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export type Way = 'page' | 'tags' | 'wordpress' | 'system' | 'app' | 'window' | 'phone';

export interface InstallWay {
  value: Way;
  label: string;
  steps: string[];
  codes: { label: string; code: string }[];
  /** What is fetched first, from this server (web/scripts/packages.mjs). */
  download?: { label: string; file: string };
  hint?: string;
}

/** For a system whose screens change without loading: the chat is there once, however often this runs. */
const appCode = (code: string, address: string): string => `window.balcao = { id: "${code}" };
if (!document.querySelector('script[src$="${code}.js"]')) {
  const script = document.createElement("script");
  script.async = true;
  script.src = "${address}.js";
  document.body.append(script);
}`;

/** With the package, which the server itself gives (web/scripts/packages.mjs). */
const packageCode = (id: string, base: string): string => `import { load } from "@balcao/webchat";

const chat = await load({
  base: "${base}",
  id: "${id}",
});`;

/** Opens the chat in a small window of its own. */
export const windowCode = (address: string): string =>
  `window.open("${address}", "_blank", "width=400,height=600,resizable=yes");`;

export function installWays({ code, install: { script, popup_url: address } }: Connection): InstallWay[] {
  const { origin } = new URL(address);
  const theScript = { label: t('console.connections.script'), code: script };
  return [
    {
      value: 'page',
      label: t('console.install.page'),
      steps: [t('console.install.page.copy'), t('console.install.page.paste'), t('console.install.publish')],
      codes: [theScript],
      hint: t('console.install.policy', { address: origin }),
    },
    {
      value: 'tags',
      label: t('console.install.tags'),
      steps: [t('console.install.tags.new'), t('console.install.tags.paste'), t('console.install.tags.publish')],
      codes: [theScript],
    },
    {
      value: 'wordpress',
      label: t('console.install.wordpress'),
      steps: [
        t('console.install.wordpress.plugin'),
        t('console.install.wordpress.paste'),
        t('console.install.wordpress.save'),
      ],
      codes: [
        { label: t('console.install.address'), code: origin },
        { label: t('console.connections.code'), code },
        theScript,
      ],
      download: { label: t('console.install.wordpress.download'), file: 'balcao-wordpress.zip' },
      hint: t('console.install.wordpress.plain'),
    },
    {
      value: 'system',
      label: t('console.install.system'),
      steps: [t('console.install.system.copy'), t('console.install.system.paste'), t('console.install.system.reload')],
      codes: [{ label: t('console.connections.code'), code }],
      hint: t('console.install.system.surfaces'),
    },
    {
      value: 'app',
      label: t('console.install.app'),
      steps: [t('console.install.app.once'), t('console.install.app.routes'), t('console.install.publish')],
      codes: [
        { label: t('console.install.app.command'), code: `npm install ${origin}/packages/balcao-webchat.tgz` },
        { label: t('console.install.app.package'), code: packageCode(code, origin) },
        { label: t('console.install.app.plain'), code: appCode(code, address) },
      ],
    },
    {
      value: 'window',
      label: t('console.install.window'),
      steps: [t('console.install.window.link'), t('console.install.window.button')],
      codes: [
        { label: t('console.connections.popup'), code: address },
        { label: t('console.install.window.script'), code: windowCode(address) },
      ],
    },
    {
      value: 'phone',
      label: t('console.install.phone'),
      steps: [t('console.install.phone.view'), t('console.install.phone.allow')],
      codes: [{ label: t('console.connections.popup'), code: address }],
    },
  ];
}
