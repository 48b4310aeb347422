// T-090, X-021: by the ordinary words of a service desk the screens are found, and words of what is not there lead nowhere.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Permission } from '@balcao/api';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { live } from '../src/features/live/live.svelte';
import { i18n } from '../src/i18n/i18n.svelte';
import { isAllowed, isMeant, settingsGroups } from '../src/routes/settings-pages';
import { PaletteSearch } from '../src/shell/palette.svelte';
import { load, me, agent, world } from './people';

const ALL: Permission[] = [
  'agents_manage',
  'connections_manage',
  'conversations_close_any',
  'conversations_reply',
  'departments_manage',
  'labels_manage',
  'quick_replies_manage',
  'workspace_manage',
];

/** The pages of the settings, and the words that are typed for them there and in the palette. */
const SETTINGS: Record<string, Record<string, readonly string[]>> = {
  'pt-BR': {
    connections: [
      ...['Conexões', 'conexao', 'Nome para o plugin', 'plugin', 'WhatsApp', 'Telegram', 'tag do Google'],
      ...['Funcionamento do chat', 'iniciar aberto', 'permissão ao cliente de fechar', 'captura de dados'],
      ...['personalização do chat', 'chamada', 'ícone do widget', 'foto de perfil', 'script de instalação'],
      ...['código único', 'cores', 'cor', 'logo', 'domínios', 'domínio', 'segredo'],
    ],
    publish: [
      ...['Fixo no rodapé', 'Chat Pop-up', 'popup', 'URL de acesso para o atendimento online', 'WordPress', 'npm'],
      ...['scripts', 'código do site'],
    ],
    chat: [
      ...[
        'Gestão',
        'Configurações da Conta',
        'Configurações gerais',
        'configuração geral',
        'pausas',
        'pausa',
        'almoço',
      ],
      ...['silêncio', 'inatividade', 'pesquisa de opinião', 'pesquisas'],
      ...['Exibir pesquisa de opinião ao encerrar o atendimento', 'Configurações do chat'],
    ],
    departments: ['Permitir Escolher', 'Personalizar Chat', 'ordem da lista', 'fila', 'filas', 'departamento'],
    hours: [
      ...['Horários de Atendimento', 'horário de atendimento', 'Turnos', 'turnos gerais', 'feriados', 'feriado'],
      ...['horário de verão', 'verão'],
    ],
    people: [
      ...['Status de Atendente', 'Status no Chat ao Entrar', 'convidar', 'usuários', 'usuário', 'operador', 'importar'],
      ...['operadores', 'convites'],
    ],
    projects: ['Habilitar integração com o chat', 'projeto'],
    privacy: ['apagar dados', 'clientes'],
    profile: ['configurações', 'senha', 'Status no Chat ao Entrar'],
  },
  en: {
    connections: [
      ...[
        'plugin name',
        'WhatsApp',
        'Telegram',
        'Google tag',
        'start open',
        'allow customers to close',
        'data capture',
      ],
      ...[
        'customise the chat',
        'call to action',
        'widget icon',
        'profile picture',
        'installation script',
        'unique code',
      ],
      ...['colours', 'colors', 'logo', 'domains', 'secret'],
    ],
    publish: ['docked', 'popup', 'access URL', 'WordPress', 'npm'],
    chat: [
      'general settings',
      'account settings',
      'breaks',
      'pause',
      'lunch',
      'silence',
      'inactivity',
      'opinion survey',
    ],
    departments: ['let customers choose', 'list order', 'queues'],
    hours: ['business hours', 'general shifts', 'holidays', 'daylight saving time'],
    people: ['agent status', 'status on login', 'invite', 'users', 'operator', 'import'],
    projects: ['Enable integration with the chat'],
    privacy: ['erase data', 'customers'],
    profile: ['settings', 'password'],
  },
  es: {
    connections: [
      ...['conexión', 'nombre para el plugin', 'WhatsApp', 'Telegram', 'tag de Google', 'iniciar abierto', 'secreto'],
      ...[
        'permiso al cliente de cerrar',
        'captura de datos',
        'personalización del chat',
        'llamada',
        'ícono del widget',
      ],
      ...['foto de perfil', 'script de instalación', 'código único', 'colores', 'logo', 'dominios'],
    ],
    publish: ['fijo', 'popup', 'URL de acceso', 'WordPress', 'npm'],
    chat: [
      'gestión',
      'configuraciones generales',
      'pausa',
      'almuerzo',
      'silencio',
      'inactividad',
      'encuesta de opinión',
    ],
    departments: ['permitir elegir', 'orden de la lista', 'cola'],
    hours: ['horarios de atención', 'turnos generales', 'feriados', 'horario de verano'],
    people: ['estado del agente', 'invitar', 'usuarios', 'operador', 'importar'],
    projects: ['habilitar integración con el chat'],
    privacy: ['borrar datos', 'clientes'],
    profile: ['configuración', 'contraseña'],
  },
};

/** What else the palette leads to. */
const PLACES: Record<string, Record<string, readonly string[]>> = {
  'pt-BR': {
    'offline-messages': ['Mensagem offline', 'chamado offline', 'mensagens offline'],
    tickets: ['tickets', 'chamados', 'chamado', 'ticket'],
    'list-queue': ['conversas', 'conversa', 'fila', 'clientes'],
    'list-closed': ['encerradas', 'conversas encerradas'],
    'privacy/requests': ['clientes', 'cliente', 'apagar dados do cliente'],
    settings: ['Configurações', 'configuração'],
    'log-out': ['sair', 'logout'],
  },
  en: {
    'offline-messages': ['offline message', 'offline ticket'],
    tickets: ['tickets', 'ticket'],
    'list-queue': ['conversations', 'conversation', 'queue', 'customers'],
    'privacy/requests': ['customers'],
    settings: ['settings', 'setting'],
    'log-out': ['log out', 'sign out'],
  },
  es: {
    'offline-messages': ['mensaje offline', 'ticket offline'],
    tickets: ['tickets', 'ticket'],
    'list-queue': ['conversaciones', 'conversación', 'clientes'],
    'privacy/requests': ['clientes'],
    settings: ['configuración', 'configuraciones'],
    'log-out': ['salir', 'cerrar sesión'],
  },
};

const ABSENT: Record<string, readonly string[]> = {
  'pt-BR': ['bot', 'robô', 'base de conhecimento', 'painel do cliente', 'fluxo', 'campanha', 'boleto'],
  en: ['bot', 'knowledge base', 'customer panel', 'campaign'],
  es: ['bot', 'base de conocimiento', 'panel del cliente', 'campaña'],
};

function pagesFor(search: string): string[] {
  const pages = settingsGroups().flatMap((group) => group.pages);
  return pages.filter((page) => isAllowed(page) && isMeant(page, search)).map(({ id }) => id);
}

function entriesFor(search: string): string[] {
  const palette = new PaletteSearch(() => undefined);
  palette.type(search);
  return palette.entries.map(({ id }) => id);
}

beforeEach(() => {
  vi.spyOn(api, 'conversations').mockReturnValue(new Promise(() => undefined));
  vi.spyOn(api, 'searchMessages').mockReturnValue(new Promise(() => undefined));
  live.update(() => world([agent('ana')], [], { ana: load(2) }));
  session.keep(me({ role: 'administrator', permissions: ALL }));
});

const cases = (words: Record<string, readonly string[]> = {}) =>
  Object.entries(words).flatMap(([place, all]) => all.map((word) => [place, word] as const));

describe.each(['pt-BR', 'en', 'es'])('in %s', (language) => {
  beforeEach(() => i18n.use(language as 'en'));

  it.each(cases(SETTINGS[language]))('the settings of %s are found by "%s"', (page, word) => {
    expect(pagesFor(word)).toContain(page);
    const places = entriesFor(word).map((id) => id.split('/')[0]);
    expect(places).toContain(page);
  });

  it.each(cases(PLACES[language]))('%s is found by "%s"', (place, word) => {
    expect(entriesFor(word)).toContain(place);
  });

  it.each(ABSENT[language] ?? [])('"%s" leads nowhere', (word) => {
    expect([...pagesFor(word), ...entriesFor(word)]).toEqual([]);
  });
});

it('an agent finds the own profile, the settings and the conversations', async () => {
  await i18n.use('pt-BR');
  session.keep(me({ role: 'agent', permissions: ['conversations_reply'] }));
  expect(pagesFor('configurações')).toEqual(['profile']);
  expect(entriesFor('configurações')).toEqual(['settings', 'profile']);
  expect(entriesFor('conversas').slice(0, 3)).toEqual(expect.arrayContaining(['list-queue', 'list-open']));
});

it('whoever manages finds the settings as a whole first, and then every page of them', async () => {
  await i18n.use('pt-BR');
  const found = entriesFor('Configurações');
  expect(found[0]).toBe('settings');
  expect(found).toEqual(expect.arrayContaining(['profile', 'people', 'departments', 'connections', 'chat', 'company']));
});

it('what is called so comes before what is only found by it', async () => {
  await i18n.use('pt-BR');
  expect(entriesFor('chat').filter((id) => ['connections', 'publish', 'chat'].includes(id))[0]).toBe('chat');
});
