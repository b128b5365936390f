import path from 'node:path';
import * as z from 'zod';

/** A bucket, and who may use it. */
export interface Bucket {
  readonly bucket: string;
  /** Before every name, without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** `https://s3.eu-central-1.amazonaws.com`, or that of another server which speaks S3. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Where the operator wants the bytes of large values. */
export type ShelfSetting = { readonly folder: string } | Bucket;

/** The variables that say where large values stand. */
export const shelfEnvironment = {
  HEDDLE_BLOBS: z.string().optional(),
  HEDDLE_S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://s3.eu-central-1.amazonaws.com' })
    .optional(),
  HEDDLE_S3_REGION: z
    .string()
    .regex(/^[\w-]+$/, 'must be a region such as eu-central-1')
    .default('us-east-1'),
  HEDDLE_S3_ACCESS_KEY: z.string().optional(),
  HEDDLE_S3_SECRET_KEY: z.string().optional(),
};

type Given = z.output<z.ZodObject<typeof shelfEnvironment>>;

const bucketName = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])(?:\/(.*))?$/;

/** The shelf that is meant; undefined for Postgres, a sentence for what makes no sense. */
export function readShelf(set: Given): ShelfSetting | undefined | string {
  const { HEDDLE_BLOBS: wanted, HEDDLE_S3_ACCESS_KEY: accessKey, HEDDLE_S3_SECRET_KEY: secretKey } = set;
  if (wanted === undefined) return undefined;
  if (!/^[a-z\d]+:\/\//i.test(wanted)) return { folder: path.resolve(wanted) };
  const [, bucket, prefix = ''] = bucketName.exec(wanted) ?? [];
  const segments = prefix.split('/').filter(Boolean);
  if (bucket === undefined || segments.includes('.') || segments.includes('..'))
    return 'HEDDLE_BLOBS must be a folder, or a bucket such as s3://my-bucket/heddle.';
  if (accessKey === undefined || secretKey === undefined)
    return 'HEDDLE_BLOBS names a bucket: HEDDLE_S3_ACCESS_KEY and HEDDLE_S3_SECRET_KEY must be set.';
  const region = set.HEDDLE_S3_REGION;
  const endpoint = (set.HEDDLE_S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
  return { bucket, prefix: segments.join('/'), endpoint, region, accessKey, secretKey };
}
