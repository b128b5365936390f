/** Which bytes are meant: a workspace, and the hash (sha-256, base64url) of the content that they hold. */
export interface ShelfPlace {
  readonly workspace: string;
  readonly hash: string;
}

/** Bytes that are too many to be held: read anew each time that they are wanted. */
export interface ShelfBytes {
  readonly size: number;
  /** Of all of them, in hexadecimal. */
  readonly sha256: string;
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Where the bytes of large values stand when they do not stand in Postgres. What is there, packed how, and which runs name it stays in Postgres
 * all the same (`blobs.ts`): a shelf only keeps, gives and takes away. Throws the fault `store.away` when it cannot be reached now.
 */
export interface Shelf {
  /** For people: a folder's path, or the address of a bucket. Holds no secret. */
  readonly where: string;
  /** Whether the bytes are here, and here for good. */
  has(place: ShelfPlace): Promise<boolean>;
  /** Durable when it resolves. The same bytes may be put by several processes at once; a reader sees all of them or nothing. */
  put(place: ShelfPlace, bytes: Uint8Array | ShelfBytes): Promise<void>;
  /** Undefined when nothing is here. */
  get(place: ShelfPlace): Promise<Uint8Array | undefined>;
  /** Nothing is here when it resolves, whether something was or not. */
  drop(place: ShelfPlace): Promise<void>;
  /** Takes away what writers that died left half-written. */
  tidy(): Promise<void>;
}

const isName = (text: string) => /^[\w-]+$/.test(text);

/** The parts of the name under which a shelf keeps something: the same in a folder and in a bucket, so that one may be copied to the other. */
export function partsOf({ workspace, hash }: ShelfPlace): readonly [string, string, string] {
  if (!isName(workspace) || !isName(hash)) throw new Error('no such place can be on a shelf');
  return [workspace, hash.slice(0, 2), hash];
}
