// T-139: what is wrong with a pause is told of that very one, and what was typed stands.
import { beforeEach, expect, it } from 'vitest';
import { pauseDrafts, pauseFaults, pausesFault, pausesOf } from '../src/features/workspaces/pauses';
import { i18n } from '../src/i18n/i18n.svelte';

const draft = (name: string, minutes = '0') => ({ name, minutes, is_active: true });

beforeEach(() => i18n.use('pt-BR'));

it('an empty name, a second one of the same name and minutes that are none are told at their row', () => {
  const drafts = [draft('Almoço', '60'), draft(' almoco '), draft(''), draft('Café', '-7'), draft('Treino', '481')];
  expect(pauseFaults(drafts)).toEqual([
    {},
    { name: 'Pausa 2: já há outra chamada almoco.' },
    { name: 'Dê um nome à pausa 3 ou remova-a.' },
    { minutes: 'Pausa 4: use de 0 a 480 minutos.' },
    { minutes: 'Pausa 5: use de 0 a 480 minutos.' },
  ]);
  expect(pausesFault(drafts)).toContain('Pausa 2');
});

it('what is right goes as it came', () => {
  const pauses = [{ name: 'Almoço', minutes: 60, is_active: true }];
  expect(pausesFault(pauseDrafts(pauses))).toBeNull();
  expect(pausesOf(pauseDrafts(pauses))).toEqual(pauses);
});
