// The webchat's form as data: sections and fields in order. A new setting is one line here and its texts.
import type { Connection, NewConnection, WebchatSettings } from '@balcao/api';
import { LANGUAGE_NAMES, LANGUAGES, t } from '../../i18n/i18n.svelte';
import type { Form } from '../../shell/form.svelte';
import { contrast } from './contrast';

/** The form is flat; `toChange` puts the settings where the server wants them. */
export type WebchatForm = WebchatSettings & Pick<Connection, 'name' | 'department_id' | 'is_enabled'>;

type KeysOf<Value> = { [Key in keyof WebchatForm]: WebchatForm[Key] extends Value ? Key : never }[keyof WebchatForm];
type TextKey = KeysOf<string>;

interface Common {
  label: string;
  hint?: string;
}

export type WebchatField =
  | (Common & {
      kind: 'text' | 'phone';
      key: TextKey;
      max: number;
      placeholder?: string;
      required?: boolean;
      /** Where the stored value leads, when it is put behind this. */
      leadsTo?: string;
    })
  | (Common & { kind: 'long'; key: TextKey; max: number; placeholder?: string })
  | (Common & { kind: 'switch'; key: KeysOf<boolean> })
  | (Common & { kind: 'pixels'; key: 'offset_side' | 'offset_bottom' | 'width' | 'height' })
  | (Common & { kind: 'choice'; key: TextKey; options: { value: string; label: string }[] })
  | (Common & { kind: 'colour'; key: 'colour' })
  | (Common & { kind: 'ink'; key: 'text_colour' })
  | (Common & { kind: 'icon'; key: 'icon' })
  | (Common & { kind: 'picture'; key: 'logo' | 'offline_logo' | 'agent_picture' })
  | (Common & { kind: 'department'; key: 'department_id' })
  | (Common & { kind: 'domains'; key: 'allowed_domains' });

export interface WebchatSection {
  id: string;
  title: string;
  text: string;
  fields: WebchatField[];
}

export function webchatSections(): WebchatSection[] {
  return [
    {
      id: 'identity',
      title: t('console.webchat.identity'),
      text: t('console.webchat.identityText'),
      fields: [
        {
          kind: 'text',
          key: 'name',
          max: 60,
          required: true,
          label: t('console.webchat.name'),
          hint: t('console.webchat.nameHint'),
        },
        {
          kind: 'text',
          key: 'plugin_name',
          max: 60,
          required: true,
          label: t('console.webchat.pluginName'),
          hint: t('console.webchat.pluginNameHint'),
        },
        {
          kind: 'department',
          key: 'department_id',
          label: t('console.webchat.department'),
          hint: t('console.webchat.departmentHint'),
        },
        {
          kind: 'choice',
          key: 'language',
          label: t('console.webchat.language'),
          options: [
            { value: 'auto', label: t('console.webchat.languageAuto') },
            ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
          ],
        },
        {
          kind: 'switch',
          key: 'is_enabled',
          label: t('console.webchat.enabled'),
          hint: t('console.webchat.enabledHint'),
        },
      ],
    },
    {
      id: 'behaviour',
      title: t('console.webchat.behaviour'),
      text: t('console.webchat.behaviourText'),
      fields: [
        {
          kind: 'long',
          key: 'greeting',
          max: 200,
          placeholder: t('console.webchat.usualGreeting'),
          label: t('console.webchat.greeting'),
          hint: t('console.webchat.greetingHint'),
        },
        {
          kind: 'long',
          key: 'offline_text',
          max: 300,
          placeholder: t('console.webchat.usualOffline'),
          label: t('console.webchat.offlineText'),
          hint: t('console.webchat.offlineTextHint'),
        },
        {
          kind: 'choice',
          key: 'when_offline',
          label: t('console.webchat.whenOffline'),
          hint: t('console.webchat.whenOfflineHint'),
          options: [
            { value: 'auto', label: t('console.webchat.whenOfflineAuto') },
            { value: 'message', label: t('console.webchat.whenOfflineMessage') },
            { value: 'conversation', label: t('console.webchat.whenOfflineConversation') },
          ],
        },
        {
          kind: 'switch',
          key: 'ask_name',
          label: t('console.webchat.askName'),
          hint: t('console.webchat.askNameHint'),
        },
        {
          kind: 'switch',
          key: 'ask_email',
          label: t('console.webchat.askEmail'),
          hint: t('console.webchat.askEmailHint'),
        },
        {
          kind: 'switch',
          key: 'typing_preview',
          label: t('console.webchat.typingPreview'),
          hint: t('console.webchat.typingPreviewHint'),
        },
        {
          kind: 'switch',
          key: 'watch_visitors',
          label: t('console.webchat.watchVisitors'),
          hint: t('console.webchat.watchVisitorsHint'),
        },
        {
          kind: 'choice',
          key: 'challenge',
          label: t('console.webchat.challenge'),
          hint: t('console.webchat.challengeHint'),
          options: [
            { value: 'flooded', label: t('console.webchat.challengeFlooded') },
            { value: 'always', label: t('console.webchat.challengeAlways') },
            { value: 'off', label: t('console.webchat.challengeOff') },
          ],
        },
        {
          kind: 'switch',
          key: 'visitor_may_close',
          label: t('console.webchat.mayClose'),
          hint: t('console.webchat.mayCloseHint'),
        },
        {
          kind: 'switch',
          key: 'visitor_files',
          label: t('console.webchat.files'),
          hint: t('console.webchat.filesHint'),
        },
        {
          kind: 'switch',
          key: 'capture_visitor_data',
          label: t('console.webchat.capture'),
          hint: t('console.webchat.captureHint'),
        },
        {
          kind: 'switch',
          key: 'start_open_desktop',
          label: t('console.webchat.openDesktop'),
          hint: t('console.webchat.openDesktopHint'),
        },
        {
          kind: 'switch',
          key: 'start_open_mobile',
          label: t('console.webchat.openMobile'),
          hint: t('console.webchat.openMobileHint'),
        },
        {
          kind: 'phone',
          key: 'whatsapp',
          max: 30,
          label: t('console.webchat.whatsapp'),
          hint: t('console.webchat.whatsappHint'),
          placeholder: '+55 31 99999-0000',
          leadsTo: 'https://wa.me/',
        },
        {
          kind: 'text',
          key: 'telegram',
          max: 60,
          label: t('console.webchat.telegram'),
          hint: t('console.webchat.telegramHint'),
          placeholder: '@empresa',
          leadsTo: 'https://t.me/',
        },
        {
          kind: 'text',
          key: 'google_tag',
          max: 2_000,
          label: t('console.webchat.googleTag'),
          hint: t('console.webchat.googleTagHint'),
          placeholder: 'G-XXXXXXXXXX',
        },
      ],
    },
    {
      id: 'looks',
      title: t('console.webchat.looks'),
      text: t('console.webchat.looksText'),
      fields: [
        { kind: 'colour', key: 'colour', label: t('console.webchat.colour'), hint: t('console.webchat.colourHint') },
        { kind: 'ink', key: 'text_colour', label: t('console.webchat.ink'), hint: t('console.webchat.inkHint') },
        { kind: 'icon', key: 'icon', label: t('console.webchat.icon'), hint: t('console.webchat.iconHint') },
        {
          kind: 'picture',
          key: 'logo',
          label: t('console.webchat.logo'),
          hint: t('console.webchat.logoHint'),
        },
        {
          kind: 'picture',
          key: 'offline_logo',
          label: t('console.webchat.offlineLogo'),
          hint: t('console.webchat.offlineLogoHint'),
        },
        {
          kind: 'picture',
          key: 'agent_picture',
          label: t('console.webchat.agentPicture'),
          hint: t('console.webchat.agentPictureHint'),
        },
        {
          kind: 'choice',
          key: 'position',
          label: t('console.webchat.position'),
          options: [
            { value: 'right', label: t('console.webchat.positionRight') },
            { value: 'left', label: t('console.webchat.positionLeft') },
          ],
        },
        {
          kind: 'pixels',
          key: 'offset_side',
          label: t('console.webchat.offsetSide'),
        },
        {
          kind: 'pixels',
          key: 'offset_bottom',
          label: t('console.webchat.offsetBottom'),
          hint: t('console.webchat.offsetHint'),
        },
        { kind: 'pixels', key: 'width', label: t('console.webchat.width'), hint: t('console.webchat.widthHint') },
        { kind: 'pixels', key: 'height', label: t('console.webchat.height'), hint: t('console.webchat.heightHint') },
        {
          kind: 'switch',
          key: 'hide_offline',
          label: t('console.webchat.hideOffline'),
          hint: t('console.webchat.hideOfflineHint'),
        },
        {
          kind: 'text',
          key: 'call_to_action',
          max: 140,
          label: t('console.webchat.callToAction'),
          hint: t('console.webchat.callToActionHint'),
        },
        {
          kind: 'text',
          key: 'offline_call_to_action',
          max: 140,
          label: t('console.webchat.offlineCall'),
          hint: t('console.webchat.offlineCallHint'),
        },
        {
          kind: 'text',
          key: 'form_intro',
          max: 200,
          label: t('console.webchat.formIntro'),
          hint: t('console.webchat.formIntroHint'),
        },
        {
          kind: 'text',
          key: 'offline_form_intro',
          max: 200,
          label: t('console.webchat.offlineFormIntro'),
          hint: t('console.webchat.offlineFormIntroHint'),
        },
        {
          kind: 'text',
          key: 'placeholder',
          max: 60,
          label: t('console.webchat.placeholder'),
          hint: t('console.webchat.placeholderHint'),
        },
        {
          kind: 'switch',
          key: 'show_branding',
          label: t('console.webchat.branding'),
          hint: t('console.webchat.brandingHint'),
        },
      ],
    },
    {
      id: 'domains',
      title: t('console.webchat.domains'),
      text: t('console.webchat.domainsText'),
      fields: [
        {
          kind: 'domains',
          key: 'allowed_domains',
          label: t('console.webchat.allowedDomains'),
          hint: t('console.webchat.allowedDomainsHint'),
        },
      ],
    },
  ];
}

/** Where a field's value leads visitors. Only the server knows how it is read, so what was not saved yet leads nowhere. */
export function linkOf(field: WebchatField, form: Form<WebchatForm>): string | null {
  if (field.kind !== 'text' && field.kind !== 'phone') return null;
  const value = form.draft[field.key];
  return field.leadsTo && value && !form.changed.includes(field.key) ? field.leadsTo + value : null;
}

export function newWebchat(company: string): WebchatForm {
  return {
    name: t('console.webchat.usualName'),
    department_id: null,
    is_enabled: true,
    plugin_name: company.slice(0, 60),
    colour: '#1f6f5c',
    text_colour: '',
    icon: 'chat',
    icon_picture: null,
    logo: null,
    offline_logo: null,
    agent_picture: null,
    position: 'right',
    offset_side: 20,
    offset_bottom: 20,
    width: 384,
    height: 680,
    hide_offline: false,
    // What nobody writes is said in each visitor's language.
    greeting: '',
    offline_text: '',
    when_offline: 'auto',
    call_to_action: '',
    offline_call_to_action: '',
    form_intro: '',
    offline_form_intro: '',
    placeholder: '',
    ask_name: true,
    ask_email: false,
    start_open_desktop: false,
    start_open_mobile: false,
    visitor_may_close: true,
    visitor_files: true,
    capture_visitor_data: true,
    allowed_domains: [],
    show_branding: true,
    whatsapp: '',
    telegram: '',
    language: 'auto',
    typing_preview: false,
    watch_visitors: false,
    challenge: 'flooded',
    google_tag: '',
  };
}

export function toForm({ name, department_id, is_enabled, settings }: Connection): WebchatForm {
  return { ...settings, name, department_id, is_enabled };
}

export function toNew({ name, department_id, is_enabled, ...settings }: WebchatForm): NewConnection {
  return { channel: 'webchat', name, department_id, is_enabled, settings };
}

const OWN_KEYS = ['name', 'department_id', 'is_enabled'] as const;

export function toChange(changes: Partial<WebchatForm>) {
  const own = Object.fromEntries(OWN_KEYS.filter((key) => key in changes).map((key) => [key, changes[key]]));
  const settings: Partial<WebchatSettings> = { ...changes };
  for (const key of OWN_KEYS) delete (settings as Partial<WebchatForm>)[key];
  return { ...own, ...(Object.keys(settings).length ? { settings } : {}) };
}

/** What cannot be read where it would stand. */
function inkFault({ colour, text_colour: ink }: WebchatForm): string | null {
  if (!isColour(ink)) return t('console.webchat.colourWrong');
  return isColour(colour) && !isReadable(ink, colour) ? t('console.webchat.inkFaint') : null;
}

/** As the server judges it. */
export const isReadable = (ink: string, colour: string): boolean => contrast(ink, colour) >= 4.5;

export const isColour = (value: string): boolean => /^#[0-9a-f]{6}$/iu.test(value);

/** Said on leaving a field, before the server says it. */
export function checkField(field: WebchatField, form: WebchatForm): string | null {
  const value = form[field.key];
  if (field.kind === 'text' && field.required && !String(value).trim()) return t('console.form.required');
  if (field.kind === 'colour' && !isColour(String(value))) return t('console.webchat.colourWrong');
  if (field.kind === 'ink' && value) return inkFault(form);
  return null;
}
