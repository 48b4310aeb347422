// Puts the chat into a page of this system. It may run on every screen: the chat is there once.
export async function chat(surface, person) {
  const { address, codes } = await (await fetch('/api/settings')).json();
  const code = codes[surface];
  if (!address || !code || document.querySelector('script[data-chat]')) return;
  window.balcao = { id: code, payload: { contact: person } };
  const script = document.createElement('script');
  script.async = true;
  script.dataset.chat = surface;
  script.src = `${address}/widgets/${code}.js`;
  document.body.append(script);
}
