// Starts the console: language and session first, then everything is drawn.
import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { session } from './features/access/session.svelte';
import { clock } from './i18n/clock.svelte';
import { i18n } from './i18n/i18n.svelte';
import { router } from './shell/router.svelte';

router.start();
clock.start();
const texts = i18n.start();
void session.load(texts); // Asked for while the texts are still on their way.
void texts.then(() => {
  const target = document.getElementById('app');
  if (target) mount(App, { target });
});
