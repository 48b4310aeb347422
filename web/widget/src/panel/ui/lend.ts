// What the panel lends to the form, which is loaded when somebody begins to write.
import type { FieldError } from '../protocol';
import { endsOf, type Context } from './context';
import type { FormLent } from './form';

/** A refusal that the form can mend. */
export const isAsked = ({ field }: FieldError): boolean => /(^|\.)(name|email|department|consent)$/.test(field);

export const lendForm = (context: Context): FormLent => {
  const { client, prefs, there, isAway, write, go } = context;
  return {
    ends: endsOf(context),
    wanted: () => prefs.missing(client.tickets.known),
    known: () => [prefs.person, prefs.draft],
    where: there,
    away: isAway,
    save: (draft) => prefs.keepDraft(draft),
    write,
    draw: () => context.redraw(),
    post(message, given, uploads) {
      client.send(message, prefs.form(given), uploads);
      go('chat');
    },
    back() {
      const items = client.outbox.recall();
      return [items.map(({ text }) => text), items[0]?.form ?? {}, items.flatMap(({ upload }) => upload ?? [])];
    },
  };
};
