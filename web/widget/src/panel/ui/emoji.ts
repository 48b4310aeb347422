// A small emoji picker, loaded when it is first opened. Arrow keys move, Enter chooses.
import { h } from './dom';
import css from './emoji.css?inline';
import { wear } from './sheet';

const ALL =
  '😀 😁 😂 🤣 😊 🙂 😉 😍 😘 😋 😎 🤩 🤔 🤨 😐 😏 🙄 😬 😌 😴 😷 🤒 😕 😟 😮 😳 🥺 😢 😭 😤 😡 🤯 😱 🤗 🤭 🤫 ' +
  '👍 👎 👌 ✌️ 🤞 🤝 👏 🙌 🙏 💪 👋 👇 👆 👉 👈 ✋ ✍️ 🫶 ❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✨ 🔥 🎉 🎁 ⭐ ' +
  '✅ ❌ ⚠️ ❓ ❗ ⏰ ⏳ 📅 📌 📎 📦 📷 📞 📱 💻 📧 📝 📄 💳 💵 🧾 🛒 🚚 🏠 🏢 🔑 🔒 🔔 🔧 📶 ☕ 🍞 🍕 🎂 🚗 ✈️ ☀️ 🌧️ 🌱 🐶';
const COLUMNS = 8;

wear(css);

export function picker(label: string, choose: (emoji: string) => void): HTMLElement {
  const buttons = ALL.split(' ').map((emoji, at) =>
    h('button', { type: 'button', tabindex: at ? -1 : 0, onclick: () => choose(emoji) }, emoji),
  );

  function onKey(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    const step = steps[event.key];
    const from = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = step && buttons[from + step];
    if (!step || from < 0) return;
    event.preventDefault();
    if (!next) return;
    buttons[from]!.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  return h(
    'div.picker',
    { role: 'group', 'aria-label': label, onkeydown: (event) => onKey(event as KeyboardEvent) },
    ...buttons,
  );
}
