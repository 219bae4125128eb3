import { describe, expect, it } from 'vitest';
import { blankMode } from '../../../src/compress/providers/provider.ts';
import { parseReply, replySchema } from '../../../src/compress/providers/reply-schema.ts';
import { modelRecord, modelReply } from './telling-turn.ts';

const parse = (reply: string, mode = blankMode) => parseReply(reply, mode, 4);
const summary = {
  title: 'Pool mended',
  request: 'Mend it',
  investigated: [],
  learned: ['a'],
  completed: [],
  nextSteps: [],
};

describe('parseReply', () => {
  it('reads paths with and without lines', () => {
    const cites = ['src/a.ts', './src/b.ts:7', 'src/c.ts:3-9', 'src/d.ts:9-3'];
    expect(parse(modelReply(modelRecord({ cites })))).toMatchObject({
      drafts: [
        {
          cites: [
            { path: 'src/a.ts' },
            { path: 'src/b.ts', lines: [7, 7] },
            { path: 'src/c.ts', lines: [3, 9] },
            { path: 'src/d.ts' },
          ],
        },
      ],
    });
  });

  it('leaves out what only the request names: numbers of turns, the notes, a summary of the host', () => {
    const facts = ['15 tests passed (T8, T12-T14)', 'By the host summary the README is old', 'f(x) runs in T1 mode'];
    expect(parse(modelReply(modelRecord({ facts })))).toMatchObject({
      drafts: [{ facts: ['15 tests passed', 'the README is old', 'f(x) runs in T1 mode'] }],
    });
  });

  it('finds the object in a fence and between sentences', () => {
    expect(parse(`Sure!\n\`\`\`json\n${modelReply()}\n\`\`\`\nDone.`)).toHaveProperty('drafts.length', 1);
  });

  it('takes no record at all for an answer', () => {
    expect(parse(JSON.stringify({ overturned: [], records: [], summary }))).toEqual({
      drafts: [],
      overturned: [],
      summary,
    });
  });

  it('reads overturned claims and the evidence of a record', () => {
    const overturned = [{ what: 'SQLite for the queue', turn: 3 }, 'a bare line', { turn: 4 }];
    const record = modelRecord({ turn: 5, evidence: 'user', inRepository: true });
    expect(parse(JSON.stringify({ overturned, records: [record], summary }))).toMatchObject({
      overturned: [
        { what: 'SQLite for the queue', turn: 3 },
        { what: 'a bare line', turn: 0 },
      ],
      drafts: [{ turn: 5, evidence: 'user', isCommitted: true }],
    });
  });

  it('reads absent fields as empty', () => {
    const reply = JSON.stringify({ records: [{ type: 'gotcha', title: 'A trap' }], summary });
    expect(parse(reply)).toMatchObject({ drafts: [{ facts: [], body: '', confidence: 0.5 }] });
  });

  it.each([
    ['', 'the reply is empty'],
    ['No records.', 'the reply is not one JSON object'],
    ['[]', 'records: expected a list'],
    ['{"records":{}}', 'records: expected a list'],
    ['{"records":[7]}', 'records[0]: expected an object'],
    [modelReply(modelRecord({ title: '' })), 'records[0].title: expected a sentence'],
    [modelReply(modelRecord({ confidence: 7 })), 'records[0].confidence: expected a number from 0 to 1'],
    [modelReply(modelRecord({ body: ['x'] })), 'records[0].body: expected a text'],
  ])('names what is wrong with %j', (reply, error) => {
    expect(parse(reply)).toEqual({ errors: expect.arrayContaining([error]) });
  });

  it('takes long titles and too many records without a second request', () => {
    const long = modelRecord({ title: 'x'.repeat(120), importance: 0.1 });
    const reply = parse(modelReply(long, ...Array.from({ length: 4 }, () => modelRecord())));
    expect(reply).toHaveProperty('drafts.length', 4);
    expect(JSON.stringify(reply)).not.toContain('xxx');
    expect(parse(modelReply(long))).toHaveProperty('drafts.length', 1);
  });

  it('knows the types of the mode only', () => {
    const mode = { ...blankMode, types: ['gotcha'] };
    expect(parse(modelReply(), mode)).toEqual({
      errors: ['records[0].type: expected one of gotcha'],
    });
  });

  it('wants a summary', () => {
    expect(parse('{"records":[]}')).toEqual({ errors: ['summary: expected an object'] });
  });
});

describe('replySchema', () => {
  it('is closed and asks for every key, as strict endpoints demand', () => {
    const walk = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
      if (type === 'object') {
        expect(additionalProperties).toBe(false);
        expect(required).toEqual(Object.keys(properties as object));
      }
      for (const inner of Object.values(schema)) walk(inner);
    };
    walk(replySchema(blankMode));
    expect(Object.keys(replySchema(blankMode)['properties'] as object)[0]).toBe('overturned');
  });
});
