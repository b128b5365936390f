import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../compile.ts';
import { scopeOf } from '../testing.ts';

const run = (code: string, json: unknown = {}) => compileTemplate(`{{ ${code} }}`)(scopeOf(json));

describe('functions beyond JavaScript', () => {
  it.each<[string, unknown]>([
    // texts
    ['"abc".hash()', '900150983cd24fb0d6963f7d28e17f72'],
    ['"abc".hash("sha256")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['"é €".base64Encode().base64Decode()', 'é €'],
    ['"user:pass".base64Encode()', 'dXNlcjpwYXNz'],
    ['"a b&c".urlEncode().urlDecode() + "a b".urlEncode()', 'a b&ca%20b'],
    ['"{\\"a\\":[1]}".parseJson().a', [1]],
    ['"a\\"b".toJsonString()', '"a\\"b"'],
    ['"42".toNumber() + "4.7".toInt() + "1.5x".toFloat()', 47.5],
    ['["true", "no", "0", "", "yes"].map(t => t.toBoolean())', [true, false, false, false, true]],
    ['"the wind in the willows".toTitleCase()', 'The Wind in the Willows'],
    ['"HELLO there. NEW one".toSentenceCase()', 'Hello there. New one'],
    ['"Hello World-Wide web".toSnakeCase()', 'hello_world_wide_web'],
    ['"<p>Hi <b>you</b></p>".removeTags()', 'Hi you'],
    ['"# Title\\n**bold** [link](http://x) `code`\\n- item".removeMarkdown()', 'Title\nbold link code\nitem'],
    ['"Crème Brûlée – ß".replaceSpecialChars()', 'Creme Brulee - ss'],
    ['"say \\"hi\\"".quote()', '"say \\"hi\\""'],
    ['"mail ann.lee@example.org now".extractEmail()', 'ann.lee@example.org'],
    [
      '["https://www.example.com/a", "x@mail.example.org", "none"].map(t => t.extractDomain())',
      ['www.example.com', 'mail.example.org', null],
    ],
    ['"see https://a.example/b?c=1 there".extractUrl()', 'https://a.example/b?c=1'],
    ['"https://a.example/b/c?d".extractUrlPath()', '/b/c'],
    ['["a@b.co", "a@b", "a b@c.de"].map(t => t.isEmail())', [true, false, false]],
    ['["https://x.y", "x.y", "mailto:a"].map(t => t.isUrl())', [true, false, false]],
    ['["12", "1.5", "x", " "].map(t => t.isNumeric())', [true, true, false, false]],
    ['["", "a"].map(t => t.isEmpty())', [true, false]],
    // numbers, true and false
    ['[1.005.round(2), (-1.5).round(), 2.4.ceil(), 2.6.floor(), (-3).abs()]', [1.01, -2, 3, 2, 3]],
    ['(1234.5).format("de-DE")', '1.234,5'],
    ['[(3).isOdd(), (4).isEven(), (0).toBoolean(), true.toNumber()]', [true, true, false, 1]],
    ['(1709649015).toDateTime("s").toUTC().toISO()', '2024-03-05T14:30:15.000Z'],
    // lists
    ['[[1, 2].first(), [1, 2].last(), [].isEmpty(), [1].isNotEmpty()]', [1, 2, true, true]],
    ['[1, 2, 2, "2", { a: 1 }, { a: 1 }].unique()', [1, 2, '2', { a: 1 }]],
    ['[{ a: 1, b: 2 }, { a: 3 }].pluck("a")', [1, 3]],
    ['[1, null, "", undefined, {}, [], 0, "x"].compact()', [1, 0, 'x']],
    ['[[1, 2, 3].sum(), [1, 2, 3].average(), [3, 1].min(), [3, 1].max(), ["1", "2"].sum()]', [6, 2, 1, 3, 3]],
    ['[1, 2, 3, 4, 5].chunk(2)', [[1, 2], [3, 4], [5]]],
    ['[[1, 2].union([2, 3]), [1, 2].difference([2]), [1, 2].intersection([2, 3])]', [[1, 2, 3], [1], [2]]],
    ['[{ a: 1 }, { b: 2 }].merge()', { a: 1, b: 2 }],
    ['[{ k: "a", v: 1 }, { k: "b", v: 2 }].smartJoin("k", "v")', { a: 1, b: 2 }],
    ['[{ a: 1, b: 2 }].renameKeys("a", "z")', [{ z: 1, b: 2 }]],
    ['["a", "b"].randomItem()', 'b'],
    ['[1, { a: 2 }].toJsonString()', '[1,{"a":2}]'],
    // objects
    ['({ a: 1, b: 2 }).keys().concat(({ c: 3 }).values())', ['a', 'b', 3]],
    ['({ a: 1, b: null, c: { d: "" } }).compact()', { a: 1, c: {} }],
    ['[({ a: 1 }).hasField("a"), ({ a: 1 }).removeField("a"), ({}).isEmpty()]', [true, {}, true]],
    ['({ a: 1 }).merge({ a: 2, b: 3 })', { a: 1, b: 3 }],
    ['({ a: "x y", b: 2 }).urlEncode()', 'a=x+y&b=2'],
    ['({ name: "foo", other: "bar" }).keepFieldsContaining("fo")', { name: 'foo' }],
    // nothing
    ['[undefined.isEmpty(), null.isNotEmpty(), $json.x?.isEmpty()]', [true, false, null]],
  ])('%s', (code, expected) => {
    expect(run(code)).toEqual(expected);
  });
});

describe('dates', () => {
  it.each<[string, unknown]>([
    ['"2024-03-05T14:30:15.000Z".toDateTime().format("dd.MM.yyyy HH:mm")', '05.03.2024 15:30'],
    ['"2024-03-05T14:30:15.000Z".format("yyyy")', '2024'],
    ['"05/03/2024".toDateTime("dd/MM/yyyy").toISODate()', '2024-03-05'],
    ['"Tue, 05 Mar 2024 14:30:15 GMT".toDateTime().toMillis()', 1709649015000],
    ['$now.plus(1, "day").minus({ hours: 2 }).toISO()', '2024-03-06T11:00:00.000+01:00'],
    ['$now.plus(7, "days").isWeekend() + "" + $now.endOf("week").isWeekend()', 'falsetrue'],
    ['[$now.beginningOf("month").day, $now.endOfMonth().day, $now.extract("week")]', [1, 31, 10]],
    ['$now.diffTo("2024-03-01T12:00:00.000Z", "days")', 4],
    ['$now.diffTo("2024-03-01T10:00:00.000Z", ["days", "hours"])', { days: 4, hours: 2 }],
    ['[$now.isBetween("2024-01-01", "2025-01-01"), $now.minus(5, "minutes").isInLast(10, "minutes")]', [true, true]],
    ['$now.diff(DateTime.fromISO("2024-03-04"), ["days", "hours"]).toObject()', { days: 1, hours: 13 }],
    ['$now.setZone("America/New_York").toFormat("HH:mm ZZZZ")', '07:00 EST'],
    ['$now.minus({ days: 2 }).toRelative()', '2 days ago'],
    ['$now.setLocale("de").monthLong + $now.toLocaleString(DateTime.DATE_MED)', 'MärzMar 5, 2024'],
    [
      '[DateTime.fromISO("nope").isValid, DateTime.isDateTime($now), $now > DateTime.fromSeconds(0)]',
      [false, true, true],
    ],
    ['Interval.fromDateTimes($now, $now.plus({ hours: 3 })).length("hours")', 3],
    ['Duration.fromObject({ minutes: 90 }).shiftTo("hours", "minutes").toFormat("h:mm")', '1:30'],
    ['new Date("2024-03-05T14:30:15.000Z").format("HH:mm")', '15:30'],
    ['new Date(2024, 2, 31, 2, 30).toISOString()', '2024-03-31T01:30:00.000Z'],
    ['new Date("2024-03-05 14:30").toISOString()', '2024-03-05T13:30:00.000Z'],
    ['new Date("2024-03-05").toISOString()', '2024-03-05T00:00:00.000Z'],
    ['new Date("March 7, 2024 10:00 GMT+0200").getTime()', 1709798400000],
    [
      '(() => { const d = new Date("2024-01-31T12:00:00.000Z"); d.setMonth(1); return d.toISOString() })()',
      '2024-03-02T12:00:00.000Z',
    ],
    ['new Date(0).toString()', 'Thu Jan 01 1970 01:00:00 GMT+0100 (Central European Standard Time)'],
    ['new Date(0).toLocaleDateString("de-DE") + new Date(0).toLocaleTimeString("de-DE")', '1.1.197001:00:00'],
    ['new Date("x").toISOString()', undefined],
    ['new Date(5) - new Date(2) + (new Date(5) > new Date(2))', 4],
  ])('%s', (code, expected) => {
    expect(run(code)).toEqual(expected);
  });

  it('gives the local fields of any zone, whatever zone the host is in', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
    const code =
      '{{ (d => [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes()])(new Date($json.ms)) }}';
    const back = '{{ new Date(...$json.parts).getTime() }}';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.constantFrom(...zones), (ms, zone) => {
        const parts = new Intl.DateTimeFormat('en-US-u-hc-h23', {
          timeZone: zone,
          year: 'numeric',
          month: 'numeric',
          day: 'numeric',
          hour: 'numeric',
          minute: 'numeric',
        })
          .formatToParts(ms)
          .flatMap(({ type, value }) => (type === 'literal' ? [] : [[type, Number(value)] as const]));
        const { year = 0, month = 0, day, hour, minute } = Object.fromEntries(parts);
        const fields = compileTemplate(code)(scopeOf({ ms }, {}, { zone }));
        expect(fields).toEqual([year, month - 1, day, hour, minute]);
        const again = compileTemplate(back)(scopeOf({ parts: fields }, {}, { zone }));
        // An hour that comes twice when the clocks go back is one of two instants.
        expect(Math.abs(Number(again) - (ms - (ms % 60_000)))).toBeOneOf([0, 1_800_000, 3_600_000]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('methods of JavaScript', () => {
  const names = {
    text: [
      'at',
      'charAt',
      'charCodeAt',
      'codePointAt',
      'endsWith',
      'includes',
      'indexOf',
      'lastIndexOf',
      'slice',
      'startsWith',
      'substr',
      'substring',
      'padEnd',
      'padStart',
      'split',
      'trim',
      'toUpperCase',
      'concat',
    ],
    list: [
      'at',
      'concat',
      'fill',
      'flat',
      'includes',
      'indexOf',
      'join',
      'lastIndexOf',
      'slice',
      'splice',
      'toReversed',
      'toSorted',
      'toSpliced',
      'pop',
      'shift',
      'push',
      'unshift',
      'reverse',
      'sort',
      'toString',
    ],
  };
  const argument = fc.oneof(fc.integer({ min: -6, max: 8 }), fc.constantFrom('a', 'b', '', undefined, null, 2.5));

  it('do to texts what the host does', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', ' ', 'é', '1') }),
        fc.constantFrom(...names.text),
        fc.array(argument, { maxLength: 3 }),
        (text, name, args) => {
          const made = run(`$json.text.${name}(...$json.args)`, { text, args });
          expect(made).toEqual(Reflect.apply(Reflect.get(Object(text), name), text, args));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('do to lists what the host does, and leave the list of the item as it was', () => {
    const lists = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom('a', 'b', null)), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(lists, fc.constantFrom(...names.list), fc.array(argument, { maxLength: 3 }), (list, name, args) => {
        fc.pre(
          !((name === 'toSorted' || name === 'sort') && args.length > 0) &&
            !(name === 'flat' && args[0] === undefined && args.length > 0),
        );
        const copy = [...list];
        const expected = Reflect.apply(Reflect.get(copy, name), copy, args);
        const before = [...list];
        const code = `(() => { const l = $json.list; const made = l.${name}(...$json.args); return { made, l } })()`;
        const made = run(code, { list, args });
        const asData = (value: unknown) => JSON.parse(JSON.stringify(value));
        expect(asData(made)).toEqual(asData({ made: expected, l: copy }));
        expect(list).toEqual(before);
      }),
      { numRuns: 2_000 },
    );
  });
});
