/**
 * One stop for Tab in a list of rows: the open one, else the first. Arrows, Home and End go from row to row; Enter
 * and Space press them, as of any button.
 */
export function roving(list: HTMLElement): () => void {
  const rows = () => [...list.querySelectorAll<HTMLElement>('[data-row]')];
  const settle = () => {
    const all = rows();
    if (all.length > 0 && !all.some((row) => row.tabIndex === 0)) all[0].tabIndex = 0;
  };
  const observer = new MutationObserver(settle);
  observer.observe(list, { childList: true, subtree: true, attributeFilter: ['tabindex'] });
  settle();
  const onkeydown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))].focus();
  };
  list.addEventListener('keydown', onkeydown);
  return () => {
    observer.disconnect();
    list.removeEventListener('keydown', onkeydown);
  };
}
