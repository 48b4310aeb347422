// What a quick reply becomes where it is called: with what is known filled in, as the server does with what the chat says by itself.
import type { Greetings } from '@balcao/api';

export interface Facts {
  /** Null where nobody has said a name. */
  customer_name: string | null;
  agent_name: string;
  department: string;
  protocol: string;
  company: string;
  greeting: string;
}

export const VARIABLES = ['customer_name', 'agent_name', 'department', 'protocol', 'company', 'greeting'] as const;

/** What is filled in is not looked through again: a visitor's name stays the name it is. */
export function fill(text: string, facts: Facts): string {
  const known = facts.customer_name === null ? without(text, 'customer_name') : text;
  return known.replace(/\{([a-z_]+)\}/g, (asked, name: string) => facts[name as keyof Facts] ?? asked);
}

/** The text where it is not known what it asks for: without it, and without what led up to it. */
export function without(text: string, name: string): string {
  const asked = `{${name}}`;
  const left = text.replaceAll(`, ${asked}`, '').replaceAll(` ${asked}`, '').replaceAll(asked, '');
  const begun = left.replace(/^[, .!]+/, '');
  return text.startsWith(asked) ? begun.charAt(0).toUpperCase() + begun.slice(1) : begun;
}

/** By the clock of the company, wherever the agent is. */
export function greetingAt(greetings: Greetings, now: Date, timeZone: string): string {
  const hour = Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(now));
  if (hour < 12) return greetings.morning;
  return hour < 18 ? greetings.afternoon : greetings.evening;
}
