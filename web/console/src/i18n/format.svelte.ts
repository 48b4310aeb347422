// Dates, times and numbers in the reader's language and the workspace's time zone.
import { clock } from './clock.svelte';
import { i18n, t } from './i18n.svelte';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 06:14, but 6:14 AM. */
const hourOf = (language: string) => (language === 'en' ? 'numeric' : '2-digit');

class Format {
  timeZone = $state<string | undefined>(undefined);

  #time = $derived(this.#dates({ hour: hourOf(i18n.language), minute: '2-digit' }));
  #day = $derived(this.#dates({ day: 'numeric', month: 'long' }));
  #weekday = $derived(this.#dates({ weekday: 'long', day: 'numeric', month: 'long' }));
  #dayName = $derived(new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' }));
  #hours = $derived(
    new Intl.DateTimeFormat(i18n.language, { hour: hourOf(i18n.language), minute: '2-digit', timeZone: 'UTC' }),
  );
  #named = $derived(this.#dates({ weekday: 'long' }));
  #calendar = $derived(
    new Intl.DateTimeFormat(i18n.language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }),
  );
  #calendarYear = $derived(
    new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  );
  #short = $derived(this.#dates({ day: 'numeric', month: 'short' }));
  #withYear = $derived(this.#dates({ day: 'numeric', month: 'short', year: 'numeric' }));
  #exact = $derived(this.#dates({ dateStyle: 'full', timeStyle: 'medium' }));
  #dateKey = $derived(new Intl.DateTimeFormat('sv', { timeZone: this.timeZone }));
  #relative = $derived(new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto' }));
  #list = $derived(new Intl.ListFormat(i18n.language));
  #numbers = $derived(new Intl.NumberFormat(i18n.language));
  #decimals = $derived(new Intl.NumberFormat(i18n.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
  #percents = $derived(new Intl.NumberFormat(i18n.language, { style: 'percent' }));

  #dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(i18n.language, { ...options, timeZone: this.timeZone });
  }

  /** The calendar day in the workspace's zone, as 2026-11-20. */
  dayKey(at: string | number): string {
    return this.#dateKey.format(new Date(at));
  }

  /** The name of a day of the week, 1 for Monday. */
  weekday(day: number): string {
    return upperFirst(this.weekdayWithin(day));
  }

  /** The same inside a sentence: "segunda-feira", "Monday". */
  weekdayWithin(day: number): string {
    return this.#dayName.format(new Date(Date.UTC(2024, 0, day)));
  }

  /** A full hour of the day, 0 to 23. */
  hour(hour: number): string {
    return this.#hours.format(new Date(Date.UTC(2024, 0, 1, hour)));
  }

  time(at: string): string {
    return this.#time.format(new Date(at));
  }

  exact(at: string): string {
    return this.#exact.format(new Date(at));
  }

  date(at: string): string {
    return this.#withYear.format(new Date(at));
  }

  /** "segunda-feira, terça-feira e quarta-feira". */
  list(names: readonly string[]): string {
    return this.#list.format(names);
  }

  number(value: number): string {
    return this.#numbers.format(value);
  }

  /** With one place after the point, also where it is nought. */
  decimal(value: number): string {
    return this.#decimals.format(value);
  }

  /** A share of one as a whole percentage: "67%". */
  percent(share: number): string {
    return this.#percents.format(share);
  }

  #daysAgo(at: string): number {
    const days = Date.parse(this.dayKey(clock.now)) - Date.parse(this.dayKey(at));
    return Math.round(days / (24 * HOUR));
  }

  /** In lists: the time today, else the day. */
  brief(at: string): string {
    const days = this.#daysAgo(at);
    if (days <= 0) return clock.now - Date.parse(at) < MINUTE ? t('console.time.now') : this.time(at);
    if (days === 1) return this.#relative.format(-1, 'day');
    const isThisYear = this.dayKey(at).slice(0, 4) === this.dayKey(clock.now).slice(0, 4);
    return (isThisYear ? this.#short : this.#withYear).format(new Date(at));
  }

  /** Heading of a day in a conversation: "Hoje, 20 de novembro". */
  day(at: string): string {
    const days = this.#daysAgo(at);
    const date = new Date(at);
    if (days <= 1) return `${upperFirst(this.#relative.format(-Math.max(days, 0), 'day'))}, ${this.#day.format(date)}`;
    const isThisYear = this.dayKey(at).slice(0, 4) === this.dayKey(clock.now).slice(0, 4);
    return isThisYear ? upperFirst(this.#weekday.format(date)) : this.#withYear.format(date);
  }

  /** A time to come: "hoje às 18:00", "segunda-feira às 08:00". */
  ahead(at: string): string {
    const days = -this.#daysAgo(at);
    const date = new Date(at);
    const time = this.time(at);
    if (days < 2) return t('console.time.dayAt', { day: this.#relative.format(Math.max(days, 0), 'day'), time });
    return t('console.time.dateAt', { day: (days < 7 ? this.#named : this.#withYear).format(date), time });
  }

  /** A day of the calendar, as 2026-12-25: "sex., 25 de dez.". */
  dateOf(date: string): string {
    return this.#calendar.format(new Date(`${date}T12:00:00Z`));
  }

  /** The same with its year: "25 de dez. de 2026". */
  dateOfYear(date: string): string {
    return this.#calendarYear.format(new Date(`${date}T12:00:00Z`));
  }

  /** "há 5 minutos". */
  ago(at: string): string {
    const passed = Math.max(0, clock.now - Date.parse(at));
    if (passed < MINUTE) return t('console.time.now');
    if (passed < HOUR) return this.#relative.format(-Math.floor(passed / MINUTE), 'minute');
    if (passed < 24 * HOUR) return this.#relative.format(-Math.floor(passed / HOUR), 'hour');
    const days = this.#daysAgo(at);
    return days < 30 ? this.#relative.format(-days, 'day') : this.date(at);
  }

  /** A waiting time: "6 min", "1 h 20 min". */
  duration(millis: number): string {
    const minutes = Math.floor(Math.max(0, millis) / MINUTE);
    if (minutes < 60) return t('console.time.minutes', { minutes });
    const hours = Math.floor(minutes / 60);
    if (hours < 24 && minutes % 60 === 0) return t('console.time.wholeHours', { hours });
    if (hours < 24) return t('console.time.hours', { hours, minutes: minutes % 60 });
    return t('console.time.days', { count: Math.floor(hours / 24) });
  }
}

export function upperFirst(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

export const format = new Format();
