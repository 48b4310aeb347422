// Tells a Google tag what happens with the chat (D-010): never what is written, never who writes (D-011).
interface Tagged {
  dataLayer?: unknown[];
  gtag?: (...told: unknown[]) => void;
}

/** `tag`: a container takes events from its layer, every other id through `gtag`. */
export function report(tag: string, what: string, code: string): void {
  const page = window as Tagged;
  const event = 'balcao_' + what;
  if (tag.startsWith('GTM-')) (page.dataLayer ??= []).push({ event, balcao_chat: code });
  else gtag('event', event, { send_to: tag, balcao_chat: code });
}

/** As Google's own snippet: the page's function, or what that would do. */
export function gtag(...told: unknown[]): void {
  const page = window as Tagged;
  if (typeof page.gtag === 'function') return page.gtag(...told);
  // Only what is `arguments` is taken for a command.
  (function queue(..._told: unknown[]) {
    // eslint-disable-next-line prefer-rest-params
    (page.dataLayer ??= []).push(arguments);
  })(...told);
}
