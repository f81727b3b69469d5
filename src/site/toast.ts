/** Says something for a few seconds at the edge of the screen, for scripts that acted without leaving the page. */
export function toast(text: string, kind: 'success' | 'info' | 'error' = 'info'): void {
  const shelf = document.getElementById('toasts');
  if (!shelf) return;
  const note = document.createElement('p');
  note.className = `toast-note toast-${kind}`;
  note.textContent = text;
  shelf.append(note);
  window.setTimeout(() => note.remove(), kind === 'error' ? 12_000 : 6_000);
}
