/** Copies a text; false if the browser refuses. Plain HTTP has no clipboard API, hence the older way as well. */
export async function copyText(text: string): Promise<boolean> {
  // The types promise it always; without HTTPS it is not there.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused; perhaps the older way is not.
  }
  const area = document.createElement('textarea');
  const before = document.activeElement;
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  // Inside of an open dialog, which would take the focus back from elsewhere.
  (before?.closest('[role=dialog]') ?? document.body).append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way without HTTPS
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
