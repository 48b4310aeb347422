// Where something small floats beside its anchor: on the wanted side, else on the opposite one, never outside the window.
export type Side = 'top' | 'right' | 'bottom' | 'left';

const GAP = 6;
const EDGE = 8;

export function placeBeside(anchor: DOMRect, box: DOMRect, side: Side = 'bottom'): { x: number; y: number } {
  const room = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
  const middle = { x: anchor.x + (anchor.width - box.width) / 2, y: anchor.y + (anchor.height - box.height) / 2 };
  const places = {
    top: { x: middle.x, y: anchor.top - box.height - GAP },
    bottom: { x: middle.x, y: anchor.bottom + GAP },
    left: { x: anchor.left - box.width - GAP, y: middle.y },
    right: { x: anchor.right + GAP, y: middle.y },
  };
  const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' } as const;
  const fits = ({ x, y }: { x: number; y: number }): boolean =>
    side === 'top' || side === 'bottom'
      ? y >= EDGE && y + box.height <= room.height - EDGE
      : x >= EDGE && x + box.width <= room.width - EDGE;
  const { x, y } = fits(places[side]) ? places[side] : places[opposite[side]];
  return {
    x: Math.round(Math.min(Math.max(x, EDGE), room.width - box.width - EDGE)),
    y: Math.round(Math.min(Math.max(y, EDGE), room.height - box.height - EDGE)),
  };
}
