// The settings: which pages there are, in which group, for whom, and by which words they are found.
import type { Component } from 'svelte';
import type { Permission } from '@balcao/api';
import { session } from '../features/access/session.svelte';
import { projects } from '../features/projects/projects.svelte';
import { t } from '../i18n/i18n.svelte';
import { fits } from '../shell/fits';

type Findable = Pick<SettingsPage, 'title' | 'words' | 'parts'>;

export interface SettingsPage {
  id: string;
  title: string;
  /** Words it is also found by. */
  words: string;
  permission: Permission | null;
  /** Not listed beside the others, but found: what only some companies need. */
  isRare?: boolean;
  /** Its parts that are looked for by a name of their own. */
  parts?: { path: string; title: string; words: string }[];
  /** It has something beside its form. */
  isWide?: boolean;
  load: () => Promise<{ default: Component }>;
}

export interface SettingsGroup {
  title: string;
  pages: SettingsPage[];
}

export function settingsGroups(): SettingsGroup[] {
  return [
    {
      title: t('console.settings.personal'),
      pages: [
        {
          id: 'profile',
          title: t('console.profile.title'),
          words: t('console.profile.words'),
          permission: null,
          load: () => import('../features/profile/ProfilePage.svelte'),
        },
      ],
    },
    {
      title: t('console.settings.team'),
      pages: [
        {
          id: 'people',
          title: t('console.people.title'),
          words: t('console.people.words'),
          permission: 'agents_manage',
          load: () => import('../features/agents/PeoplePage.svelte'),
        },
        {
          id: 'departments',
          title: t('console.departments.title'),
          words: t('console.departments.words'),
          permission: 'departments_manage',
          isWide: true,
          load: () => import('../features/departments/DepartmentsRoute.svelte'),
        },
        {
          id: 'hours',
          title: t('console.hours.title'),
          words: t('console.hours.words'),
          // To be read by those who manage; only administrators change them.
          permission: 'conversations_close_any',
          load: () => import('../features/shifts/HoursRoute.svelte'),
        },
      ],
    },
    {
      title: t('console.settings.service'),
      pages: [
        {
          id: 'connections',
          title: t('console.connections.title'),
          words: t('console.connections.words'),
          permission: 'connections_manage',
          isWide: true,
          load: () => import('../features/connections/ConnectionsRoute.svelte'),
        },
        {
          id: 'publish',
          title: t('console.publish.title'),
          words: t('console.publish.words'),
          permission: 'connections_manage',
          load: () => import('../features/connections/PublishPage.svelte'),
        },
        {
          id: 'chat',
          title: t('console.chat.title'),
          words: t('console.chat.words'),
          permission: 'workspace_manage',
          parts: [
            { path: 'messages', title: t('console.chat.messages'), words: t('console.chat.messagesWords') },
            { path: 'specialists', title: t('console.specialists.add'), words: t('console.specialists.words') },
          ],
          load: () => import('../features/projects/ChatRoute.svelte'),
        },
        {
          id: 'projects',
          title: t('console.projects.title'),
          words: t('console.projects.words'),
          permission: 'workspace_manage',
          // A company of one never sees the word.
          isRare: !projects.areSeveral,
          load: () => import('../features/projects/ProjectsRoute.svelte'),
        },
        {
          id: 'labels',
          title: t('console.labels.title'),
          words: t('console.labels.words'),
          permission: 'labels_manage',
          load: () => import('../features/labels/LabelsPage.svelte'),
        },
        {
          id: 'categories',
          title: t('console.categories.title'),
          words: t('console.categories.words'),
          permission: 'labels_manage',
          load: () => import('../features/ticket_categories/CategoriesPage.svelte'),
        },
        {
          id: 'quick-replies',
          title: t('console.quickReplies.title'),
          words: t('console.quickReplies.words'),
          permission: 'quick_replies_manage',
          load: () => import('../features/quick_replies/QuickRepliesPage.svelte'),
        },
        {
          id: 'mail',
          title: t('console.mail.title'),
          words: t('console.mail.words'),
          permission: 'workspace_manage',
          load: () => import('../features/mail/MailPage.svelte'),
        },
        {
          id: 'privacy',
          title: t('console.privacy.title'),
          words: t('console.privacy.words'),
          permission: 'workspace_manage',
          parts: [
            { path: 'requests', title: t('console.privacy.requests'), words: t('console.privacy.requestsWords') },
          ],
          load: () => import('../features/privacy/PrivacyRoute.svelte'),
        },
        {
          id: 'steps',
          title: t('console.steps.title'),
          words: t('console.steps.words'),
          permission: 'workspace_manage',
          load: () => import('../features/workspaces/FirstSteps.svelte'),
        },
        {
          id: 'company',
          title: t('console.company.title'),
          words: t('console.company.words'),
          permission: 'workspace_manage',
          load: () => import('../features/workspaces/CompanyPage.svelte'),
        },
      ],
    },
  ];
}

/** Whether a page, with its parts, or a part alone is looked for. All of them are settings. */
export function isMeant({ title, words, parts = [] }: Findable, search: string): boolean {
  const own = [title, words, ...parts.flatMap((part) => [part.title, part.words])];
  return fits([t('console.nav.settings'), ...own].join(' '), search);
}

export function isAllowed(page: SettingsPage): boolean {
  return page.permission === null || session.may(page.permission);
}
