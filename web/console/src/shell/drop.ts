// One file dropped onto something: `onover` says while one is held above it.
export const dropTarget =
  (onfile: (file: File) => void, onover: (isOver: boolean) => void) =>
  (node: HTMLElement): (() => void) => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      onover(true);
    };
    const leave = () => onover(false);
    const drop = (event: DragEvent) => {
      event.preventDefault();
      onover(false);
      const file = event.dataTransfer?.files[0];
      if (file) onfile(file);
    };
    node.addEventListener('dragover', over);
    node.addEventListener('dragleave', leave);
    node.addEventListener('drop', drop);
    return () => {
      node.removeEventListener('dragover', over);
      node.removeEventListener('dragleave', leave);
      node.removeEventListener('drop', drop);
    };
  };
