// Texts of a part that is loaded when it is used: `import texts from 'texts:survey'` holds every `widget.survey.…` of all languages, so that
// the page need not carry them for everybody. The server leaves out what is named here (`ELSEWHERE` in crates/desk/src/visitors/panel.rs).
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const locales = join(dirname(fileURLToPath(import.meta.url)), '../../locales');
const MARK = '\0texts:';

export const texts = () => ({
  name: 'texts',
  resolveId: (id) => (id.startsWith('texts:') ? '\0' + id : undefined),
  async load(id) {
    if (!id.startsWith(MARK)) return undefined;
    const prefix = `widget.${id.slice(MARK.length)}.`;
    const all = {};
    for (const language of await readdir(locales)) {
      const entries = Object.entries(JSON.parse(await readFile(join(locales, language, 'widget.json'), 'utf8')));
      const own = entries.filter(([key]) => key.startsWith(prefix));
      all[language] = Object.fromEntries(own.map(([key, text]) => [key.slice('widget.'.length), text]));
    }
    return `export default ${JSON.stringify(all)}`;
  },
});
