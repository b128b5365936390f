import { LRUCache } from 'lru-cache';

interface Bucket {
  left: number;
  at: number;
}

const bucketsMost = 10_000;

/** So much of something for each name: `most` at once, and `perSecond` more after that. Times in milliseconds. */
export class Buckets {
  private readonly most: number;
  private readonly perSecond: number;
  private readonly now: () => number;
  private readonly byName = new LRUCache<string, Bucket>({ max: bucketsMost });

  constructor(options: { most: number; perSecond: number; now?: () => number }) {
    this.most = options.most;
    this.perSecond = options.perSecond;
    this.now = options.now ?? (() => performance.now());
  }

  /** Takes so much; 0 when it was there, else nothing is taken, and it says in how many seconds it will be. */
  take(name: string, amount = 1): number {
    const at = this.now();
    let bucket = this.byName.get(name);
    if (!bucket) this.byName.set(name, (bucket = { left: this.most, at }));
    bucket.left = Math.min(this.most, bucket.left + ((at - bucket.at) / 1000) * this.perSecond);
    bucket.at = at;
    if (bucket.left < amount) return Math.ceil((amount - bucket.left) / this.perSecond);
    bucket.left -= amount;
    return 0;
  }
}
