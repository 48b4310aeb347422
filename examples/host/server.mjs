// A stand-in for a company's own system: three surfaces, and settings that hold for everybody who uses them. Kept in memory.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

const here = new URL('.', import.meta.url);
const settings = { address: '', codes: { system: '', portal: '', shop: '' } };
const FILES = {
  '/chat.js': ['chat.js', 'text/javascript'],
  '/system.js': ['system.js', 'text/javascript'],
  '/settings.js': ['settings.js', 'text/javascript'],
  '/plain.js': ['plain.js', 'text/javascript'],
  '/style.css': ['style.css', 'text/css'],
};
const CODE = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** What the settings' form says, if it can be kept. */
function checked({ address, codes }) {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isAddress = address === '' || /^https?:$/.test(url?.protocol ?? '');
  const all = Object.keys(settings.codes).map((surface) => [surface, String(codes?.[surface] ?? '').trim()]);
  const isWrong = all.find(([, code]) => code !== '' && !CODE.test(code));
  if (!isAddress) return { fault: 'address' };
  if (isWrong) return { fault: isWrong[0] };
  return { address: url ? url.origin : '', codes: Object.fromEntries(all) };
}

/** Nothing inline, nothing from anywhere but here and Balcão. */
function policy() {
  const chat = settings.address || "'none'";
  const also = settings.address ? ` ${chat}` : '';
  return [
    "default-src 'none'",
    `script-src 'self'${also}`,
    "style-src 'self'",
    `connect-src 'self'${also}`,
    `img-src 'self' data:${also}`,
    `frame-src ${chat}`,
  ].join('; ');
}

const page = (title, script, body) => `<!doctype html>
<html lang="pt-BR">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/style.css" />
    <script type="module" src="${script}"></script>
    <title>${title}</title>
  </head>
  <body>
    <nav><b>Sistema</b><a href="/system">Sistema</a><a href="/portal">Portal do cliente</a><a href="/shop">Loja</a><a href="/settings">Configurações</a></nav>
    <main>${body}</main>
  </body>
</html>
`;

const field = (name, label) =>
  `<label>${label}<input name="${name}" autocomplete="off" spellcheck="false" /></label>`;

const PAGES = {
  '/settings': page(
    'Configurações',
    '/settings.js',
    `<h1>Configurações</h1><p>Cole o código da conexão de cada lugar.</p><form>
      ${field('address', 'Endereço do Balcão')}${field('system', 'Código do sistema')}
      ${field('portal', 'Código do portal do cliente')}${field('shop', 'Código da loja')}
      <button>Salvar configurações</button><output role="status"></output></form>`,
  ),
  '/system': page('Sistema', '/system.js', '<h1></h1><menu></menu><section></section>'),
  '/portal': page('Portal do cliente', '/plain.js', '<h1>Olá, Marina</h1><p>Suas faturas estão em dia.</p>'),
  '/shop': page('Loja', '/plain.js', '<h1>Planos de internet</h1><p>Fibra de 500 mega.</p><button>Contratar</button>'),
};

async function body(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > 10_000) throw new Error('too long');
  }
  return JSON.parse(text);
}

async function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://host');
  const send = (status, type, text) => {
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy() });
    response.end(text);
  };
  if (pathname === '/') return response.writeHead(302, { location: '/system' }).end();
  if (pathname === '/api/settings' && request.method === 'PUT') {
    const { fault, ...kept } = checked(await body(request));
    if (!fault) Object.assign(settings, kept);
    return send(fault ? 422 : 200, 'application/json', JSON.stringify(fault ? { fault } : settings));
  }
  if (pathname === '/api/settings') return send(200, 'application/json', JSON.stringify(settings));
  const file = FILES[pathname];
  if (file) return send(200, file[1], await readFile(new URL(file[0], here), 'utf8'));
  const html = PAGES[pathname.startsWith('/system/') ? '/system' : pathname];
  return send(html ? 200 : 404, 'text/html', html ?? page('?', '/plain.js', '<h1>Não encontrado</h1>'));
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(400).end());
});
server.listen(Number(process.env.PORT ?? 8099), '127.0.0.1', () => {
  console.log(`http://localhost:${server.address().port}`);
});
