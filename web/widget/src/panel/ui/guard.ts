// What both forms need, loaded with the first, or when a challenge comes: their looks, and what stands against machines, a field that nobody
// sees and the challenge's solution (T-162).
import type { PanelConfig } from '../../shared/config';
import { solve } from '../../shared/proof';
import type { Form } from '../protocol';
import type { Ask } from './bring';
import { h } from './dom';
import { wear } from './sheet';
import css from './guard.css?inline';

wear(css);

export interface Challenge {
  challenge?: string | null;
  bits: number;
}

/** A proof is used while it is surely good. */
const GOOD_FOR = 540_000;
/** A message comes back so often at most: then its sender is told. */
const ATTEMPTS = 4;
const attempts = new Map<string, number>();

/** What the server says of a message that it did not take, as the form of its next attempt; null where that makes no sense. */
export async function prove(id: string, given: Form | undefined, asked: Challenge | undefined): Promise<Form | null> {
  const count = (attempts.get(id) ?? 0) + 1;
  attempts.set(id, count);
  if (!asked?.challenge || count > ATTEMPTS) return null;
  return { ...given, proof: await solve(asked.challenge, asked.bits) };
}

/** A form that begins something: puts the field in and, where one will be asked for, solves a challenge meanwhile. Answers what goes with it. */
export function guard(
  form: HTMLElement,
  isAsked: boolean | undefined,
  ask: Ask,
): () => Pick<Form, 'website' | 'proof'> {
  const trap = h('input', {
    name: 'website',
    tabindex: -1,
    autocomplete: 'off',
    'aria-hidden': 'true',
    class: 'unseen',
  });
  let proof: string | undefined;
  let until = 0;
  let isSolving = false;

  async function prepare(): Promise<void> {
    if (isSolving || Date.now() < until) return;
    isSolving = true;
    try {
      const answer = await ask('POST', 'challenge');
      const asked = (await answer?.json()) as Challenge;
      until = Date.now() + GOOD_FOR;
      if (answer?.ok && asked.challenge) proof = await solve(asked.challenge, asked.bits);
    } catch {
      // It is asked for when it is needed.
    }
    isSolving = false;
  }

  form.append(trap);
  if (isAsked) form.addEventListener('input', () => void prepare());
  return () => {
    const good = Date.now() < until ? proof : undefined;
    // Good for one.
    proof = undefined;
    until = 0;
    return { website: trap.value || undefined, proof: good };
  };
}

/**
 * A form was refused: `said`, the server's word where consent is what it misses, and what the company asks stand in `room`, a live region.
 * Answers what the button says that agrees by sending; nothing where what is asked did not come through, since nobody agrees to what they have
 * not seen.
 */
export async function askConsent(cfg: PanelConfig, room: HTMLElement, said: string): Promise<string | undefined> {
  room.replaceChildren(said && h('p.error', said));
  try {
    const [node, agree] = await (await import('./privacy')).terms(cfg);
    room.append(node);
    return agree;
  } catch {
    // Sent again, it is asked again.
    return undefined;
  }
}
