// The looks of a department as a form writes them: texts that are empty, and choices that say so, are as the connection says (T-061, T-066).
import type { Connection, DepartmentLooks } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import { isWhole, wholeOf } from '../../shell/whole';
import { contrast } from '../connections/contrast';

export const INHERIT = 'inherit';

const TEXTS = [
  'plugin_name',
  'colour',
  'text_colour',
  'call_to_action',
  'offline_call_to_action',
  'form_intro',
  'offline_form_intro',
  'placeholder',
] as const;
const PIXELS = ['width', 'height', 'offset_side', 'offset_bottom'] as const;
const PICTURES = ['online_logo', 'offline_logo', 'logo', 'agent_picture', 'icon_picture'] as const;

type Icon = NonNullable<DepartmentLooks['icon']>;
type TextName = (typeof TEXTS)[number];
type PixelName = (typeof PIXELS)[number];
type PictureName = (typeof PICTURES)[number];
export type LookName = keyof DepartmentLooks;

export type LooksForm = Record<TextName | PixelName, string> &
  Record<PictureName, string | null> & { icon: string; position: string };

const isIn = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);

export function looksForm(looks: DepartmentLooks): LooksForm {
  const texts = TEXTS.map((name) => [name, looks[name] ?? '']);
  const pixels = PIXELS.map((name) => [name, looks[name]?.toString() ?? '']);
  const pictures = PICTURES.map((name) => [name, looks[name] ?? null]);
  return {
    ...(Object.fromEntries([...texts, ...pixels, ...pictures]) as Record<TextName | PixelName, string> &
      Record<PictureName, string | null>),
    icon: looks.icon ?? INHERIT,
    position: looks.position ?? INHERIT,
  };
}

/** What is changed, as the server takes it: nothing restores what the connection says. */
export function looksOf(changed: Partial<LooksForm>): Partial<DepartmentLooks> {
  return Object.fromEntries(
    Object.entries(changed).map(([name, value]) => {
      if (isIn(PIXELS, name)) return [name, value?.trim() ? wholeOf(value) : null];
      if (isIn(PICTURES, name)) return [name, value];
      return [name, value === '' || value === INHERIT ? null : value];
    }),
  );
}

/** What of the form can be seen: what is being typed and is no number yet is as if it were not there. */
export function seenLooks(form: LooksForm): Partial<DepartmentLooks> {
  const numbers = PIXELS.map((name) => [name, isWhole(form[name]) ? form[name] : '']);
  return looksOf({ ...form, ...Object.fromEntries(numbers) });
}

export const isOwn = (form: LooksForm, name: LookName): boolean => {
  const value = form[name];
  return value !== null && value !== '' && value !== INHERIT;
};

export const noneOf = (name: LookName): string | null =>
  isIn(PICTURES, name) ? null : name === 'icon' || name === 'position' ? INHERIT : '';

/** Colours that could not be read on one another are refused, as the server does. */
export function inkProblem({ colour, text_colour }: LooksForm): string | null {
  const isColour = (one: string) => /^#[0-9a-f]{6}$/iu.test(one);
  if (!text_colour) return null;
  if (!isColour(text_colour)) return t('console.webchat.colourWrong');
  return isColour(colour) && contrast(colour, text_colour) < 4.5 ? t('console.webchat.inkFaint') : null;
}

/** The connections whose conversations may come to a department. */
export const leadingTo = (connections: readonly Connection[], department: string): Connection[] =>
  connections.filter(({ department_id }) => department_id === null || department_id === department);

/** What a connection says in place of what a department does not. */
function saidBy({ settings }: Connection, name: LookName): string {
  if (name === 'online_logo' || name === 'logo') return settings.logo ? t('console.department.picture') : '';
  if (name === 'offline_logo') return settings.offline_logo || settings.logo ? t('console.department.picture') : '';
  if (name === 'agent_picture' || name === 'icon_picture') return settings[name] ? t('console.department.picture') : '';
  if (name === 'icon') return t(`console.webchat.icon.${settings.icon}`);
  if (name === 'position')
    return settings.position === 'left' ? t('console.webchat.positionLeft') : t('console.webchat.positionRight');
  return String(settings[name]);
}

/** What another item of the department itself decides, as the server has it. */
function saidHere(form: LooksForm, name: LookName): string | null {
  if ((name === 'online_logo' || name === 'offline_logo') && form.logo) return t('console.department.ownLogo');
  if (name === 'text_colour' && form.colour) return t('console.department.inkFromColour');
  if (name === 'icon_picture' && form.icon !== INHERIT) return t(`console.webchat.icon.${form.icon as Icon}`);
  return null;
}

/** What is in force where the department says nothing, and from where. */
export function inForce(connections: readonly Connection[], name: LookName, form: LooksForm): string {
  const said = (connection: Connection) => saidBy(connection, name);
  return saidHere(form, name) ?? ofConnections(connections, said) ?? t('console.department.usual');
}

/** What the connections say, where they say anything, and which; where each says something else, that. */
export function ofConnections(
  connections: readonly Connection[],
  said: (connection: Connection) => string,
): string | null {
  const [value, ...others] = new Set(connections.map(said));
  if (others.length) return t('console.department.varies');
  const [one, ...more] = connections;
  if (!one || !value) return null;
  return more.length
    ? t('console.department.fromConnections', { value })
    : t('console.department.fromConnection', { value, connection: one.name });
}
