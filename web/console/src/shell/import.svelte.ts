// An import of a table: a file is chosen, looked at, agreed to and carried out. The server does exactly what it said, or nothing.
import { isApiError, type ImportRow, type ImportAnswer } from '@balcao/api';
import { t } from '../i18n/i18n.svelte';
import { tellFailure } from './toasts';

export type ImportStep = 'choose' | 'looking' | 'looked' | 'working' | 'done';

/** Looks when there is no plan, does it when there is one. */
export type Carry<Row extends ImportRow> = (file: Blob, plan: string | null) => Promise<ImportAnswer<Row>>;

/** What a row is about, and what is changed of it, each in a line. */
export type Describe<Row extends ImportRow> = (row: Row) => { name: string; detail: string; changes: string[] };

/** What is there once, when it is done: how it is taken, and what is asked before it is lost. */
export interface Result<Row extends ImportRow> {
  isThere: (rows: Row[]) => boolean;
  label: string;
  hint: string;
  take: (rows: Row[]) => void;
  leaving: { question: string; discard: string; keep: string };
}

/** What a field was and becomes, where that is different. */
export function changeText(field: string, was: string, becomes: string | undefined): string[] {
  if (becomes === undefined || becomes === was) return [];
  const none = t('console.import.empty');
  return [t('console.import.change', { field, was: was || none, becomes: becomes || none })];
}

export class Import<Row extends ImportRow> {
  step = $state<ImportStep>('choose');
  fileName = $state('');
  answer = $state.raw<ImportAnswer<Row> | null>(null);
  /** What is wrong with the file as a whole. */
  complaint = $state<{ field: string; message: string } | null>(null);
  #file: Blob | null = null;
  #carry: Carry<Row>;

  isWrong = $derived((this.answer?.counts.error ?? 0) > 0);
  changes = $derived((this.answer?.counts.create ?? 0) + (this.answer?.counts.update ?? 0));

  constructor(carry: Carry<Row>) {
    this.#carry = carry;
  }

  async look(file: File): Promise<void> {
    this.fileName = file.name;
    this.#file = file;
    await this.#run('looking', 'looked', null);
  }

  async carryOut(): Promise<boolean> {
    await this.#run('working', 'done', this.answer?.plan ?? '');
    return this.step === 'done';
  }

  again(): void {
    this.step = 'choose';
    this.answer = this.complaint = null;
  }

  async #run(during: ImportStep, after: ImportStep, plan: string | null): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.step = during;
    this.complaint = null;
    try {
      this.answer = await this.#carry(file, plan);
      this.step = after;
    } catch (error) {
      await this.#fail(error, plan);
    }
  }

  async #fail(error: unknown, plan: string | null): Promise<void> {
    const fault = isApiError(error) ? error.fields[0] : undefined;
    if (fault && plan === null) {
      this.complaint = fault;
      this.step = 'choose';
      return;
    }
    tellFailure(error);
    // What has changed meanwhile is shown before anything is agreed to again.
    if (plan === null || (isApiError(error) && error.isTemporary)) this.step = this.answer ? 'looked' : 'choose';
    else await this.#run('looking', 'looked', null);
  }
}
