/** In the browser: members' codes by the camera, where the browser reads them itself (BarcodeDetector). */
import { codeIn } from './rows.ts';

interface Detector {
  detect(of: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorMaker = new (options: { formats: string[] }) => Detector;
type OnCode = (code: string) => Promise<void>;

const restMs = 150;

/** Looks while there is a picture; tells of each code once, until it was out of sight. */
async function look(video: HTMLVideoElement, detector: Detector, onCode: OnCode): Promise<void> {
  let last: string | null = null;
  while (video.srcObject) {
    const [seen] = await detector.detect(video).catch(() => []);
    const code = seen ? codeIn(seen.rawValue) : null;
    if (code && code !== last) await onCode(code);
    last = code;
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

/** Offers the camera where there is one that can read; elsewhere the search field takes what a scanner types. */
export function scanCodes(onCode: OnCode): void {
  const button = document.getElementById('desk-scan');
  const view = document.getElementById('desk-camera');
  const video = view?.querySelector('video');
  const failed = view?.querySelector<HTMLElement>('[data-failed]');
  const Maker = (window as unknown as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  // Typed as always there; it is not on pages without TLS.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!button || !view || !video || !failed || !Maker || !devices) return;

  const close = (): void => {
    for (const track of (video.srcObject as MediaStream | null)?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    view.hidden = true;
    button.setAttribute('aria-expanded', 'false');
  };
  const open = async (): Promise<void> => {
    view.hidden = false;
    failed.hidden = true;
    button.setAttribute('aria-expanded', 'true');
    video.srcObject = await devices.getUserMedia({ video: { facingMode: 'environment' } });
    await video.play();
    await look(video, new Maker({ formats: ['qr_code'] }), onCode);
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    if (!view.hidden) close();
    else void open().catch(() => (failed.hidden = false));
  });
}
