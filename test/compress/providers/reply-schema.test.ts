import { describe, expect, it } from 'vitest';
import { blankMode } from '../../../src/compress/mode.ts';
import { parseReply, replySchema, type ParseOptions } from '../../../src/compress/providers/reply-schema.ts';
import { modelRecord, modelReply } from './telling-turn.ts';

const options: ParseOptions = { mode: blankMode, wantsSummary: false, maxRecords: 4, isLast: false };
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
    expect(parseReply(modelReply(modelRecord({ cites })), options)).toMatchObject({
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

  it('finds the object in a fence and between sentences', () => {
    expect(parseReply(`Sure!\n\`\`\`json\n${modelReply()}\n\`\`\`\nDone.`, options)).toHaveProperty('drafts.length', 1);
  });

  it('takes no record at all for an answer', () => {
    expect(parseReply('{"records":[]}', options)).toEqual({ drafts: [] });
  });

  it('takes what is absent for empty', () => {
    const reply = JSON.stringify({ records: [{ type: 'gotcha', title: 'A trap' }] });
    expect(parseReply(reply, options)).toMatchObject({ drafts: [{ facts: [], body: '', confidence: 0.5 }] });
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
    [modelReply(...Array.from({ length: 5 }, () => modelRecord())), 'records: expected at most 4; got 5'],
  ])('names what is wrong with %j', (reply, error) => {
    expect(parseReply(reply, options)).toEqual({ errors: expect.arrayContaining([error]) });
  });

  it('asks once for a shorter title and then takes it', () => {
    const reply = modelReply(modelRecord({ title: 'x'.repeat(120) }));
    expect(parseReply(reply, options)).toEqual({
      errors: ['records[0].title: expected at most 110 characters; got 120'],
    });
    expect(parseReply(reply, { ...options, isLast: true })).toHaveProperty('drafts.length', 1);
  });

  it('knows the types of the mode only', () => {
    const mode = { ...blankMode, types: ['gotcha'] };
    expect(parseReply(modelReply(), { ...options, mode })).toEqual({
      errors: ['records[0].type: expected one of gotcha'],
    });
  });

  it('wants a summary where one was asked for', () => {
    const wanting = { ...options, wantsSummary: true };
    expect(parseReply(modelReply(), wanting)).toEqual({ errors: ['summary: expected an object'] });
    expect(parseReply(JSON.stringify({ records: [], summary }), wanting)).toEqual({ drafts: [], summary });
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
    walk(replySchema(blankMode, true));
    expect(JSON.stringify(replySchema(blankMode, true))).toContain('nextSteps');
    expect(JSON.stringify(replySchema(blankMode, false))).not.toContain('nextSteps');
  });
});
