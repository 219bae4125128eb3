// What of a record is searched, and how much each part counts. One configuration for all uses.
/**
 * Field and weight; the order is part of the index's format. A word of the title counts twice: 1.5 costs commit messages a point, 1 costs them
 * three. No other difference was worth a number.
 */
export const fieldWeights = {
  title: 2,
  description: 1,
  aliases: 1,
  body: 1,
  facts: 1,
  concepts: 1,
  paths: 1,
  dates: 1,
} as const;

export type FieldName = keyof typeof fieldWeights;

export const fieldNames = Object.keys(fieldWeights) as FieldName[];
