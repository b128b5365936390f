/** A part of the screen. */
type Part = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

/** A camera that has not moved for so long is at rest. */
const restMs = 200;
const seenMs = 1_200;
let resting: ReturnType<typeof setTimeout> | undefined;

/**
 * The overview is seen while the camera moves, and 1.2 s longer; where it would then lie over a card, it is gone as soon as the camera rests. It
 * stays for a pointer that came to it. Straight on the page: nothing is drawn anew for it.
 */
export function showOverview(): void {
  for (const { dataset } of rooms()) {
    dataset['moves'] = 'true';
    dataset['overview'] = 'true';
  }
  clearTimeout(resting);
  resting = setTimeout(rest, restMs);
}

function rest(): void {
  for (const room of rooms()) if (isInTheWay(room)) hide(room);
  resting = setTimeout(leave, seenMs - restMs);
}

function leave(): void {
  const all = rooms();
  for (const { dataset } of all) delete dataset['moves'];
  const looked = all.filter((room) => room.querySelector('.react-flow__minimap:hover') !== null);
  for (const room of all) if (!looked.includes(room)) hide(room);
  if (looked.length > 0) resting = setTimeout(leave, seenMs);
}

const rooms = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.flow-room')];

const hide = ({ dataset }: HTMLElement): void => void delete dataset['overview'];

function isInTheWay(room: HTMLElement): boolean {
  const overview = room.querySelector('.react-flow__minimap')?.getBoundingClientRect();
  const cards = [...room.querySelectorAll('.react-flow__node')].map((card) => card.getBoundingClientRect());
  return overview !== undefined && cards.some((card) => isOver(overview, card));
}

const isOver = (one: Part, other: Part): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
