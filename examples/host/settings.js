// The settings: one field for each code. What is saved holds for everybody.
const form = document.querySelector('form');
const said = document.querySelector('output');
const NAMES = ['system', 'portal', 'shop'];

const { address, codes } = await (await fetch('/api/settings')).json();
form.elements.address.value = address;
for (const name of NAMES) form.elements[name].value = codes[name];

form.onsubmit = async (event) => {
  event.preventDefault();
  const written = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
  const answer = await fetch('/api/settings', {
    method: 'PUT',
    body: JSON.stringify({ address: form.elements.address.value.trim(), codes: written }),
  });
  const { fault } = await answer.json();
  said.textContent = fault ? 'Confira este campo.' : 'Configurações salvas. Atualize a página para ver o chat.';
  if (fault) form.elements[fault].focus();
};
