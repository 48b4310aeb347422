// The system itself: screens that change without loading, as single-page systems do.
import { chat } from './chat.js';

const SCREENS = {
  '/system': ['Painel', 'Três ordens de serviço para hoje.'],
  '/system/customers': ['Clientes', 'Marina Ribeiro, Igor Nunes, Nara Pires.'],
  '/system/invoices': ['Faturas', 'Nenhuma em atraso.'],
};
const [title, menu, section] = ['h1', 'menu', 'section'].map((name) => document.querySelector(name));

function show() {
  const [name, text] = SCREENS[location.pathname] ?? SCREENS['/system'];
  title.textContent = document.title = name;
  section.textContent = text;
  // On every screen: the chat is there once all the same.
  void chat('system', { name: 'Operador do sistema', email: 'operador@example.com' });
}

for (const [address, [name]] of Object.entries(SCREENS)) {
  const link = Object.assign(document.createElement('a'), { href: address, textContent: name });
  link.onclick = (event) => {
    event.preventDefault();
    history.pushState(null, '', address);
    show();
  };
  menu.append(link);
}
addEventListener('popstate', show);
show();
