// Entry of the panel page.
import type { PanelConfig } from '../shared/config';
import { Client } from './client';
import { createHost } from './host';
import './chat.css';
import './panel.css';
import { Prefs } from './prefs';
import { app } from './ui/app';
import { createWords } from './ui/words';

const written = JSON.parse(document.getElementById('config')?.textContent ?? '') as Omit<PanelConfig, 'base'>;
// By whatever name the server was reached: the page's policy allows only its own origin.
const config = { ...written, base: location.origin };
document.documentElement.style.cssText = config.tint;
const host = await createHost(config);
const client = new Client(config, host);
// Before it is saved it is looked at, not written in.
if (config.preview) client.connect = client.send = () => {};
const prefs = new Prefs(config, host);
const init = await host.init();
client.load(init);
prefs.load(init);
app({ config, client, host, prefs, words: createWords(config) }, init);
