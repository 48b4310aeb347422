// Texts, numbers and times in the visitor's language.
import type { Closed, PanelConfig } from '../../shared/config';

type Values = Record<string, string | number>;
type Time = (at: string) => string;

export interface Words {
  t(key: string, values?: Values): string;
  /** What is wrong with a message's length, or nothing. */
  checkLength(text: string): string;
  time: Time;
  exact: Time;
  /** Today, yesterday, or the date. */
  dayOf: Time;
  /** Why it is closed today, and when the hours begin, in sentences after another one; nothing of what is not known. */
  reopens(closed: Closed | null | undefined): string;
}

const DAY = 86_400_000;
/** In Unicode scalar values, as the server counts them. */
const LONGEST_MESSAGE = 10_000;
const midnight = (date: Date) => new Date(date).setHours(0, 0, 0, 0);

export function createWords({ language, texts }: PanelConfig): Words {
  const near = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const day = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const weekday = format({ weekday: 'long' });
  const date = format({ day: 'numeric', month: 'long' });

  function format(options: Intl.DateTimeFormatOptions): Time {
    const { format } = new Intl.DateTimeFormat(language, options);
    return (at) => format(new Date(at));
  }

  const t: Words['t'] = (key, values = {}) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => (values[name] ?? all).toLocaleString(language));

  const time = format({ hour: language === 'en' ? 'numeric' : '2-digit', minute: '2-digit' });
  const daysAhead = (at: string) => Math.round((midnight(new Date(at)) - midnight(new Date())) / DAY);

  return {
    t,
    checkLength(text) {
      const count = [...text.trim()].length;
      if (count <= LONGEST_MESSAGE) return '';
      return t('composer.too_long', { count, limit: LONGEST_MESSAGE });
    },
    time,
    exact: format({ dateStyle: 'long', timeStyle: 'short' }),
    dayOf(at) {
      const days = daysAhead(at);
      const text = days > -2 && days < 1 ? near.format(days, 'day') : day(at);
      return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
    },
    reopens(closed) {
      const { reopens_at: at, day: today } = closed ?? {};
      const why = today ? ' ' + t('reopens.day', { day: today }) : '';
      // What should have begun by now has not: that is not known.
      if (!at || new Date(at) < new Date()) return why;
      const days = daysAhead(at);
      const near = days < 1 ? 'today' : days === 1 ? 'tomorrow' : days < 7 ? 'weekday' : 'date';
      return why + ' ' + t('reopens.' + near, { day: days < 7 ? weekday(at) : date(at), hour: time(at) });
    },
  };
}
