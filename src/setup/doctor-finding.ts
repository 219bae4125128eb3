// Doctor's findings as values.
export interface Finding {
  level: 'ok' | 'note' | 'problem';
  what: string;
  /** What to do about it. */
  cure?: string;
}

export function ok(what: string): Finding {
  return { level: 'ok', what };
}

export function note(what: string, cure?: string): Finding {
  return { level: 'note', what, cure };
}

export function problem(what: string, cure?: string): Finding {
  return { level: 'problem', what, cure };
}

/** Those that apply. */
export function findings(...all: readonly (Finding | false)[]): Finding[] {
  return all.filter((one) => one !== false);
}
