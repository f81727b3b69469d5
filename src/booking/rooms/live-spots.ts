/** In the browser: spots that others pick or leave change here while the map is looked at. */

interface Spots {
  session_id: string;
  taken: string[];
}

function show({ session_id, taken }: Spots): void {
  const maps = document.querySelectorAll<HTMLElement>(`spot-map[data-session="${CSS.escape(session_id)}"]`);
  for (const map of maps) {
    for (const spot of map.querySelectorAll<HTMLButtonElement>('[data-spot]')) {
      if (spot.getAttribute('aria-pressed') === 'true') continue;
      const gone = taken.includes(spot.dataset['spot'] ?? '');
      spot.disabled = gone;
      const said = spot.querySelector('[data-said]');
      if (said) said.textContent = (gone ? map.dataset['takenWord'] : map.dataset['freeWord']) ?? '';
    }
  }
}

async function ask(sessionId: string): Promise<void> {
  const answer = await fetch(`/api/yoga/sessions/${sessionId}/spots`, {
    headers: { accept: 'application/json' },
  }).catch(() => null);
  if (!answer?.ok) return;
  const { data } = (await answer.json()) as { data: Spots & { open: boolean } };
  if (data.open) show(data);
}

/** Hears what the timetable is told (live-seats.ts passes it on), and asks anew when something may have been missed. */
export function keepSpotsTrue(): void {
  document.addEventListener('spots_changed', (event) => show((event as CustomEvent<Spots>).detail));
  document.addEventListener('spots_unsure', () => {
    const seen = new Set<string>();
    for (const map of document.querySelectorAll<HTMLElement>('spot-map'))
      seen.add(map.dataset['session'] ?? '');
    for (const id of seen) void ask(id);
  });
}
