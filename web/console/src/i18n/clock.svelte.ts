// The present, for waiting times and "today". It ticks every ten seconds while the tab is visible.
class Clock {
  now = $state(Date.now());

  start(): void {
    const tick = () => {
      if (document.visibilityState === 'visible') this.now = Date.now();
    };
    setInterval(tick, 10_000);
    document.addEventListener('visibilitychange', tick);
  }
}

export const clock = new Clock();
