import type { HttpClient } from '../wire/http-client.ts';
import { openFolder } from './folder.ts';
import { openS3 } from './s3.ts';
import type { ShelfSetting } from '../shelf-setting.ts';
import type { Shelf } from '../journal/shelf.ts';

/** The shelf that is set; undefined: large values stay in Postgres. */
export function openShelf(setting: ShelfSetting | undefined, http: Pick<HttpClient, 'send'>): Shelf | undefined {
  if (!setting) return undefined;
  return 'folder' in setting ? openFolder(setting.folder) : openS3(http, setting);
}
