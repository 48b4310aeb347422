// Where the palette leads to: the areas of the console, the lists of conversations, the settings as a whole, the way out.
import Globe from '@lucide/svelte/icons/globe';
import LogOut from '@lucide/svelte/icons/log-out';
import Mail from '@lucide/svelte/icons/mail';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Star from '@lucide/svelte/icons/star';
import Ticket from '@lucide/svelte/icons/ticket';
import UsersRound from '@lucide/svelte/icons/users-round';
import type { ConversationList } from '@balcao/api';
import { session } from '../features/access/session.svelte';
import { listNames } from '../features/conversations/list-names';
import { lists } from '../features/conversations/lists.svelte';
import { t } from '../i18n/i18n.svelte';
import type { PaletteEntry } from './palette.svelte';
import { router } from './router.svelte';
import { tellFailure } from './toasts';

const LISTS: readonly ConversationList[] = ['queue', 'open', 'closed'];

export function areas(): PaletteEntry[] {
  const offered: (PaletteEntry | false)[] = [
    {
      id: 'team',
      label: t('console.team.title'),
      icon: UsersRound,
      words: t('console.team.words'),
      run: () => void router.go('/team'),
    },
    {
      id: 'offline-messages',
      label: t('console.offline.title'),
      icon: Mail,
      words: t('console.offline.words'),
      run: () => void router.go('/offline-messages'),
    },
    {
      id: 'tickets',
      label: t('console.tickets.title'),
      icon: Ticket,
      words: t('console.tickets.words'),
      run: () => void router.go('/tickets'),
    },
    {
      id: 'visitors',
      label: t('console.visitors.title'),
      icon: Globe,
      words: t('console.visitors.words'),
      run: () => void router.go('/visitors'),
    },
    session.may('conversations_reply') && {
      id: 'ratings',
      label: t('console.ratings.title'),
      icon: Star,
      words: t('console.ratings.words'),
      run: () => void router.go('/ratings'),
    },
  ];
  return offered.filter((place) => place !== false);
}

/** What stands in sight all the time: found when somebody searches, and not in the way before. */
export function placesInSight(): PaletteEntry[] {
  const names = listNames();
  return [
    ...LISTS.map((list) => ({
      id: `list-${list}`,
      label: t('console.palette.list', { list: names[list] }),
      icon: MessagesSquare,
      words: t('console.list.words'),
      run: () => {
        lists.choose(list);
        void router.go('/conversations');
      },
    })),
    {
      id: 'settings',
      label: t('console.nav.settings'),
      icon: SlidersHorizontal,
      words: t('console.settings.words'),
      run: () => void router.go('/settings'),
    },
    {
      id: 'log-out',
      label: t('console.own.logOut'),
      icon: LogOut,
      words: t('console.own.words'),
      run: () => void session.leave().catch(tellFailure),
    },
  ];
}
