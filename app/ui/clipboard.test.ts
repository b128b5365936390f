import { describe, expect, test } from 'vitest';
import { clipboardOf } from './clipboard.ts';

describe('a clipboard where the browser gives none (plain HTTP in a local network)', () => {
  test('what was copied is pasted, and goes to the real clipboard the old way', async () => {
    const old: string[] = [];
    const board = clipboardOf({ own: () => undefined, copyOldWay: (text) => old.push(text) > 0 });
    await board.writeText('a piece');
    expect(await board.readText()).toBe('a piece');
    expect(old).toEqual(['a piece']);
  });

  test('with nothing copied it says why it cannot paste', async () => {
    const board = clipboardOf({ own: () => undefined, copyOldWay: () => false });
    await expect(board.readText()).rejects.toThrow('only over HTTPS');
  });

  test('one that refuses is like one that is not there', async () => {
    const refused = () => Promise.reject(new Error('NotAllowed'));
    const board = clipboardOf({ own: () => ({ readText: refused, writeText: refused }), copyOldWay: () => true });
    await board.writeText('a piece');
    expect(await board.readText()).toBe('a piece');
  });

  test('the real one is asked first: what was copied elsewhere since counts', async () => {
    const own = { readText: () => Promise.resolve('from elsewhere'), writeText: () => Promise.resolve() };
    const board = clipboardOf({ own: () => own, copyOldWay: () => false });
    await board.writeText('a piece');
    expect(await board.readText()).toBe('from elsewhere');
  });
});
