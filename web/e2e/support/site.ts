// A company's own site on another origin, with the strictest policy that still lets the chat in.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Pair, readPair } from './certificate';

export interface SitePage {
  title?: string;
  /** Tags for the end of the body; the site's own scripts lie at `/site.js?…`. */
  body?: string;
  /** Instead of a page. */
  script?: string;
  /** Without it the page has no policy at all, as most sites. */
  policy?: string;
}

const SCRIPT = 'application/javascript; charset=utf-8';
const PAGE = 'text/html; charset=utf-8';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0) ?? 38};`);

export function strictPolicy(balcao: string): string {
  return [
    `default-src 'self'`,
    `script-src 'self' ${balcao}`,
    `style-src 'self'`,
    `connect-src 'self' ${balcao}`,
    `frame-src ${balcao}`,
    `img-src 'self' data:`,
  ].join('; ');
}

export class Site {
  private readonly pages = new Map<string, SitePage>();
  private constructor(
    private readonly server: Server,
    /** Another site for the browser than `localhost`, so that the panel is a third party. */
    readonly origin: string,
  ) {}

  static async start(pair: Pair | null = null): Promise<Site> {
    const server = pair ? createSecureServer(readPair(pair)) : createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const site = new Site(server, `${pair ? 'https' : 'http'}://loja.localhost:${port}`);
    const answer: RequestListener = (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', site.origin);
      if (pathname === '/site.js') {
        response.writeHead(200, { 'content-type': SCRIPT });
        response.end(`window.balcao = ${searchParams.get('balcao') ?? '{}'};`);
        return;
      }
      const page = site.pages.get(pathname);
      const policy = page?.policy ? { 'content-security-policy': page.policy } : {};
      response.writeHead(page ? 200 : 404, { 'content-type': page?.script ? SCRIPT : PAGE, ...policy });
      response.end(page ? (page.script ?? site.html(page)) : '');
    };
    server.on('request', answer);
    return site;
  }

  /** Puts a page at a path and answers its address. */
  put(path: string, page: SitePage): string {
    this.pages.set(path, page);
    return this.origin + path;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private html({ title = 'Padaria Vila Clara', body = '' }: SitePage): string {
    return `<!doctype html>
<html lang="pt-BR">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <title>${escaped(title)}</title>
  </head>
  <body>
    <main>
      <h1>Padaria Vila Clara</h1>
      <p>Pães de fermentação natural, todos os dias a partir das seis.</p>
    </main>
    ${body}
  </body>
</html>`;
  }
}
