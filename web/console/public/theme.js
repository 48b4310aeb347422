// Runs before the first paint, so that nobody who chose the dark theme is dazzled by the light one.
try {
  const theme = localStorage.getItem('balcao.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme is shown until the settings are known.
}
