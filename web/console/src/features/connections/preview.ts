// The address under which the server shows a connection that is not saved yet.
import { newId } from '@balcao/live';
import { isColour, isReadable, newWebchat, type WebchatForm } from './webchat';

const PIXELS = ['offset_side', 'offset_bottom', 'width', 'height'] as const;
/** Beyond it is what is refused anyway. */
const MOST_PIXELS = 10_000;

/** What of the form can be seen. What is being typed and is no colour yet is as if it were not there. */
export function previewed({ name: _, is_enabled: _on, department_id, ...settings }: WebchatForm) {
  const { colour, text_colour } = settings;
  return {
    department_id,
    settings: {
      ...settings,
      colour: isColour(colour) ? colour : '#1f6f5c',
      text_colour: isColour(text_colour) && isReadable(text_colour, colour) ? text_colour : '',
      ...seenPixels(settings),
      allowed_domains: [],
      google_tag: '',
    },
  };
}

function seenPixels(settings: Pick<WebchatForm, (typeof PIXELS)[number]>) {
  const usual = newWebchat('');
  return Object.fromEntries(PIXELS.map((name) => [name, settings[name] <= MOST_PIXELS ? settings[name] : usual[name]]));
}

/** As Base64 for addresses, since what is not saved lies nowhere. */
function encoded(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

/** Each one is another chat, so that nothing is left of the one before. */
export function previewAddress(draft: string, isOpen: boolean): string {
  const view = `${isOpen ? 'open' : 'closed'}-${newId().slice(-8)}`;
  return `/widgets/${encoded(draft)}/${view}.html`;
}
