// The survey's part of the company's form.
import type { WorkspaceChange } from '@balcao/api';

interface SurveyChange {
  is_on?: boolean;
  by_mail?: boolean;
  lowest?: string;
  highest?: string;
  question?: string;
}

export const GRADES = Array.from({ length: 11 }, (_, grade) => ({ value: String(grade), label: String(grade) }));

/** What was changed of it, as it is sent; null where nothing was. */
export function surveyOf({
  is_on,
  by_mail,
  lowest,
  highest,
  question,
}: SurveyChange): WorkspaceChange['survey'] | null {
  const survey = {
    ...(is_on !== undefined && { is_on }),
    ...(by_mail !== undefined && { by_mail }),
    ...(lowest !== undefined && { lowest: Number(lowest) }),
    ...(highest !== undefined && { highest: Number(highest) }),
    ...(question !== undefined && { question }),
  };
  return Object.keys(survey).length ? survey : null;
}
