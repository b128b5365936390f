import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gunzip, gzip, zstdCompress, zstdDecompress } from 'node:zlib';

/** How to compress what leaves the row (E19): 10,000 records of S4 as JSON, each way to and fro, medians of 9. `node bench/blobs.ts` */
const regions = ['north', 'south', 'east', 'west', 'centre'];
const names = ['ada', 'grace', 'edsger', 'barbara', 'donald', 'frances', 'tony'];
const records = Array.from({ length: 10_000 }, (_, id) => {
  const drawn = (id * 2_654_435_761) % 4_294_967_296;
  return {
    id,
    region: regions[drawn % 5],
    amount: drawn % 1_000,
    qty: drawn % 9,
    name: `${names[drawn % 7]} ${drawn % 977}`,
  };
});
const bytes = Buffer.from(JSON.stringify(records));

const zstd = promisify(zstdCompress);
const level = (n: number) => ({ params: { [constants.ZSTD_c_compressionLevel]: n } });
const ways: Record<string, [(b: Buffer) => Promise<Buffer>, (b: Buffer) => Promise<Buffer>]> = {
  'zstd 1': [(b) => zstd(b, level(1)), promisify(zstdDecompress)],
  'zstd 3': [(b) => zstd(b, level(3)), promisify(zstdDecompress)],
  'zstd 6': [(b) => zstd(b, level(6)), promisify(zstdDecompress)],
  'gzip 1': [(b) => promisify(gzip)(b, { level: 1 }), promisify(gunzip)],
  'brotli 1': [
    (b) => promisify(brotliCompress)(b, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    promisify(brotliDecompress),
  ],
};

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 9; turn += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return Math.round((times.toSorted((a, b) => a - b)[4] ?? 0) * 10) / 10;
}

console.log(JSON.stringify({ bytes: bytes.length }));
for (const [way, [pack, unpack]] of Object.entries(ways)) {
  const packed = await pack(bytes);
  const [packMs, unpackMs] = [await median(() => pack(bytes)), await median(() => unpack(packed))];
  console.log(
    JSON.stringify({ way, share: Math.round((packed.length / bytes.length) * 1000) / 1000, packMs, unpackMs }),
  );
}
