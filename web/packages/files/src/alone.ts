// One tab of a browser at a time does something; the others wait. Where the browser has no locks, or refuses them to frames of
// other sites, everybody does it.

export async function alone<Answer>(name: string, signal: AbortSignal, run: () => Promise<Answer>): Promise<Answer> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return run();
  let isOurs = false;
  try {
    return await locks.request(name, { signal }, () => {
      isOurs = true;
      return run();
    });
  } catch (error) {
    if (isOurs || signal.aborted) throw error;
    return run();
  }
}
