// The REST interface as tests use it to prepare what a test is not about. Answers must be good, else the test stops here.
import { expect, request, type APIRequestContext } from '@playwright/test';
import type { Agent, Connection, ConversationRow, Department, Invitation, Me, NewAgent, Status } from '@balcao/api';

export interface Account {
  name: string;
  email: string;
  password: string;
}

export const OWNER: Account = { name: 'Ana Souza', email: 'ana@vilaclara.com.br', password: 'pao quente de manha' };
export const COMPANY = 'Padaria Vila Clara';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface WebchatChoices {
  name?: string;
  department_id?: string | null;
  is_enabled?: boolean;
  settings?: Record<string, unknown>;
}

export class Api {
  private constructor(private readonly http: APIRequestContext) {}

  /** Nobody yet; set up, log in or accept an invitation first. */
  static async at(origin: string): Promise<Api> {
    return new Api(
      await request.newContext({
        baseURL: origin,
        ignoreHTTPSErrors: true,
        extraHTTPHeaders: { 'accept-language': 'pt-BR' },
      }),
    );
  }

  async close(): Promise<void> {
    await this.http.dispose();
  }

  async call<Answer>(method: Method, path: string, body: object = {}, headers: Record<string, string> = {}) {
    const data = method === 'GET' ? undefined : body;
    const answer = await this.http.fetch(`/api${path}`, { method, data, headers });
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
    return (answer.status() === 204 ? undefined : await answer.json()) as Answer;
  }

  setUp(token: string, owner: Account = OWNER): Promise<Me> {
    const company = { company: COMPANY, language: 'pt-BR', time_zone: 'America/Sao_Paulo' };
    return this.call('POST', '/setup', { token, ...company, ...owner });
  }

  logIn({ email, password }: Account): Promise<Me> {
    return this.call('POST', '/session', { email, password });
  }

  say(status: Status): Promise<Me> {
    return this.call('PUT', '/me/status', { status });
  }

  async defaultDepartment(): Promise<Department> {
    const { items } = await this.call<{ items: Department[] }>('GET', '/departments');
    const found = items.find((department) => department.is_default);
    if (!found) throw new Error('there is no default department');
    return found;
  }

  async invite(account: Account, role: NewAgent['role'] = 'agent'): Promise<{ agent: Agent; invitation: Invitation }> {
    const departments = [{ id: (await this.defaultDepartment()).id, is_manager: role === 'manager' }];
    return this.call('POST', '/agents', { name: account.name, email: account.email, role, departments });
  }

  /** Invites and accepts: an account that can log in. */
  async addAgent(origin: string, account: Account, role: NewAgent['role'] = 'agent'): Promise<Agent> {
    const { agent, invitation } = await this.invite(account, role);
    const other = await Api.at(origin);
    const token = invitation.link.split('#')[1] ?? '';
    await other.call('POST', '/invitations/accept', { token, name: account.name, password: account.password });
    await other.close();
    return agent;
  }

  async addDepartment(name: string): Promise<Department> {
    return this.call('POST', '/departments', { name });
  }

  changeAgent(agent: string, change: Partial<NewAgent>): Promise<Agent> {
    return this.call('PATCH', `/agents/${agent}`, change);
  }

  /** A webchat of the default department that asks for the name. */
  async addWebchat({ settings, ...rest }: WebchatChoices = {}): Promise<Connection> {
    const department_id = rest.department_id === undefined ? (await this.defaultDepartment()).id : rest.department_id;
    return this.call('POST', '/connections', {
      channel: 'webchat',
      name: 'Site da padaria',
      is_enabled: true,
      ...rest,
      department_id,
      settings: { plugin_name: 'Vila Clara', ask_name: true, ask_email: false, ...settings },
    });
  }

  connection(id: string): Promise<Connection> {
    return this.call('GET', `/connections/${id}`);
  }

  changeWebchat(connection: Connection, change: object): Promise<Connection> {
    const headers = { 'if-match': `"${connection.version}"` };
    return this.call('PATCH', `/connections/${connection.id}`, change, headers);
  }

  async conversations(list: 'queue' | 'open' | 'closed'): Promise<ConversationRow[]> {
    return (await this.call<{ items: ConversationRow[] }>('GET', `/conversations?list=${list}`)).items;
  }

  /** Who of this name waits in the queue, once the server has it: a visitor's own screen shows a message before that. */
  async waiting(name: string): Promise<ConversationRow> {
    let found: ConversationRow | undefined;
    const look = async () => (found = (await this.conversations('queue')).find(({ contact }) => contact.name === name));
    await expect.poll(look, `${name} waits in the queue`).toBeDefined();
    return found!;
  }
}
