// A form whose draft is still to be filled by work under way, such as a picture on its way to the server.
import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '@balcao/api';
import { Form } from '../src/shell/form.svelte';

/** Work that ends when it is told to. */
function work(form: Form<{ logo: string }>) {
  let end: (arrives: boolean) => void = () => undefined;
  const arriving = new Promise<boolean>((resolve) => (end = resolve));
  form.hold(async (isCurrent) => {
    const arrives = await arriving;
    if (arrives && isCurrent()) form.draft.logo = 'new';
    return arrives;
  });
  return end;
}

describe('a form with work under way', () => {
  let form: Form<{ logo: string }>;
  let end: (arrives: boolean) => void;
  const run = vi.fn(async () => undefined);

  beforeEach(() => {
    run.mockClear();
    form = new Form({ logo: 'old' });
    end = work(form);
    flushSync();
  });

  test('is changed already, so that leaving it asks', () => {
    expect(form.isDirty).toBe(true);
    expect(form.changed).toEqual([]);
  });

  test('is saved with what arrives', async () => {
    const seen: string[] = [];
    const saved = form.save(async () => void seen.push(form.draft.logo));
    expect(form.isSaving).toBe(true);
    end(true);
    expect(await saved).toBe(true);
    expect(seen).toEqual(['new']);
  });

  test('is not saved where it fails', async () => {
    const saved = form.save(run);
    end(false);
    expect(await saved).toBe(false);
    expect(run).not.toHaveBeenCalled();
    expect(form.isSaving).toBe(false);
    expect(form.isDirty).toBe(false);
    expect(await form.save(run)).toBe(true);
  });

  test('lets go of what arrives after it was put back', async () => {
    form.reset();
    expect(form.isDirty).toBe(false);
    end(true);
    expect(await form.save(run)).toBe(true);
    await vi.waitFor(() => expect(form.draft.logo).toBe('old'));
  });
});

test('what the server refuses and what we refuse is told at once', async () => {
  const form = new Form({ url: 'x', months: 'abc' });
  const fields = [{ field: 'privacy.url', code: 'address_invalid', message: 'No address.' }];
  const refused = new ApiError(422, { code: 'invalid', message: '', request_id: '', fields } as never);
  const months = () => (form.draft.months === 'abc' ? 'No number.' : null);
  expect(await form.save(() => Promise.reject(refused), { months })).toBe(false);
  flushSync();
  expect(form.errors).toEqual({ url: 'No address.', months: 'No number.' });
});
