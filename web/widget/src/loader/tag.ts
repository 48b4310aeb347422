// Stands before the loader of a connection with a Google tag: passes on what the loader says of the chat.
import { report } from '../shared/google';

// The server replaces this literal by an object.
const { code, tag } = '__BALCAO_TAG__' as unknown as { code: string; tag: string };

for (const what of ['show', 'open', 'close', 'start', 'message', 'rating'])
  addEventListener('balcao:' + what, (event) => {
    try {
      if ((event as CustomEvent<{ code: string }>).detail.code === code) report(tag, what, code);
    } catch {
      // What a page has made of its tag is the page's.
    }
  });
